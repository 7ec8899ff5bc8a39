"""Deliveries that were given up: mails about values that rest on a part of one say so."""

from alembic import op

revision = "alerts_0012"
down_revision = "alerts_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; the metrics service says which there are when one of its processes begins to lead."""
    op.execute(
        """
        create table alerts.unfinished_deliveries (
            place integer primary key, said jsonb not null, units text[] not null)
        """
    )


def downgrade() -> None:
    """Drop the table."""
    op.execute("drop table alerts.unfinished_deliveries")
