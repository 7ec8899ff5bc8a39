"""Mails that bounced, and addresses that nothing is sent to any more."""

from alembic import op

revision = "alerts_0015"
down_revision = "alerts_0014"
branch_labels = None
depends_on = None

_BEFORE = "'settling', 'pending', 'sent', 'failed', 'held', 'summarised'"


def upgrade() -> None:
    """Nothing has bounced that anybody heard of."""
    _allow(f"{_BEFORE}, 'bounced'")
    op.execute("create index outbox_message on alerts.outbox (message_id) where message_id is not null")
    op.execute(
        """
        create table alerts.stopped_addresses (
            address text primary key, recipient text not null, plan text, since timestamptz not null, why text not null)
        """
    )


def downgrade() -> None:
    """Forget which addresses are no good; what bounced was sent, as far as earlier releases can tell."""
    op.execute("drop table alerts.stopped_addresses")
    op.execute("drop index alerts.outbox_message")
    op.execute("update alerts.outbox set state = 'sent' where state = 'bounced'")
    _allow(_BEFORE)


def _allow(states: str) -> None:
    op.execute("alter table alerts.outbox drop constraint outbox_state")
    op.execute(f"alter table alerts.outbox add constraint outbox_state check (state in ({states}))")
