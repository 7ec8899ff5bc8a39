"""Closed units: nothing is judged of one on its own."""

from alembic import op

revision = "alerts_0011"
down_revision = "alerts_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; no unit was known to be closed."""
    op.execute("alter table alerts.units add column closed boolean not null default false")


def downgrade() -> None:
    """Drop the column; all units are judged again."""
    op.execute("alter table alerts.units drop column closed")
