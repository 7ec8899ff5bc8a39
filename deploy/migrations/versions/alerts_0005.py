"""The last day of the months that a value of health tells of."""

from alembic import op

revision = "alerts_0005"
down_revision = "alerts_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; values that came before it tell of the window up to their day."""
    op.execute("alter table alerts.observations add column until date")


def downgrade() -> None:
    """Drop it."""
    op.execute("alter table alerts.observations drop column until")
