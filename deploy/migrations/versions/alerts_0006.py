"""Mails wait until their value has been still: for how long, which do, and whether more is being taken in."""

from alembic import op

revision = "alerts_0006"
down_revision = "alerts_0005"
branch_labels = None
depends_on = None

STATES = "'pending', 'sent', 'failed', 'held', 'summarised'"


def upgrade() -> None:
    """Those that were decided before wait for nothing."""
    op.execute("alter table alerts.outbox add column settle integer not null default 0")
    _allow(f"'settling', {STATES}")
    op.execute(
        "create table alerts.provisional (single boolean primary key default true check (single),"
        " revision bigint not null, until timestamptz not null)"
    )
    op.execute("create index outbox_settling on alerts.outbox (due) where state = 'settling'")


def downgrade() -> None:
    """Let those that wait go as they are."""
    op.execute("drop index alerts.outbox_settling")
    op.execute("drop table alerts.provisional")
    op.execute("update alerts.outbox set state = 'pending' where state = 'settling'")
    _allow(STATES)
    op.execute("alter table alerts.outbox drop column settle")


def _allow(states: str) -> None:
    op.execute("alter table alerts.outbox drop constraint outbox_state")
    op.execute(f"alter table alerts.outbox add constraint outbox_state check (state in ({states}))")
