"""Families of events are trimmed: which one a decision was about; none where persons were erased."""

from alembic import op

revision = "metrics_0023"
down_revision = "metrics_0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for its name."""
    op.execute("alter table metrics.erasings add column family text")


def downgrade() -> None:
    """Forget it."""
    op.execute("alter table metrics.erasings drop column family")
