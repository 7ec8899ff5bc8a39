"""Notices for webhooks wait beside mails; which of the two a row is, its address says."""

from alembic import op

revision = "alerts_0013"
down_revision = "alerts_0012"
branch_labels = None
depends_on = None

_CHANNEL = "case when address like 'webhook:%' then 'webhook' else 'mail' end"


def upgrade() -> None:
    """Add the column; nothing of before is for a webhook."""
    op.execute(f"alter table alerts.outbox add column channel text not null generated always as ({_CHANNEL}) stored")
    op.execute(
        """
        create index outbox_webhooks on alerts.outbox (address, created, id)
        where state = 'pending' and channel = 'webhook'
        """
    )


def downgrade() -> None:
    """Drop it, and with it what no earlier release can send."""
    op.execute("delete from alerts.outbox where channel = 'webhook'")
    op.execute("alter table alerts.outbox drop column channel")
