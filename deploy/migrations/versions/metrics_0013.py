"""Whom each contradiction on record is about, so that samples of them can be shown."""

from alembic import op

revision = "metrics_0013"
down_revision = "metrics_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of those counted before nobody is known, until the ledger is remade."""
    op.execute("alter table metrics.anomalies add column subject text")
    op.execute("alter table metrics.remade_anomalies add column subject text")
    op.execute("create index anomalies_subject on metrics.anomalies (kind, subject) where subject is not null")


def downgrade() -> None:
    """Forget it."""
    op.execute("drop index metrics.anomalies_subject")
    op.execute("alter table metrics.remade_anomalies drop column subject")
    op.execute("alter table metrics.anomalies drop column subject")
