"""Anomalies by batch: what a look adds is counted from what it brought."""

from alembic import op

revision = "metrics_0004"
down_revision = "metrics_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.execute("create index anomalies_batch on metrics.anomalies (batch)")


def downgrade() -> None:
    """Drop it."""
    op.execute("drop index metrics.anomalies_batch")
