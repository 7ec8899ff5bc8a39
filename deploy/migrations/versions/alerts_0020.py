"""Mails that bounced, of which somebody else was told."""

from alembic import op

revision = "alerts_0020"
down_revision = "alerts_0019"
branch_labels = None
depends_on = None

_BEFORE = "'settling', 'pending', 'sent', 'failed', 'held', 'summarised', 'bounced'"


def upgrade() -> None:
    """Of what bounced before, nobody knows whether anybody was told: it stays as it is."""
    _allow(f"{_BEFORE}, 'told'")


def downgrade() -> None:
    """They bounced, as far as earlier releases can tell."""
    op.execute("update alerts.outbox set state = 'bounced' where state = 'told'")
    _allow(_BEFORE)


def _allow(states: str) -> None:
    op.execute("alter table alerts.outbox drop constraint outbox_state")
    op.execute(f"alter table alerts.outbox add constraint outbox_state check (state in ({states}))")
