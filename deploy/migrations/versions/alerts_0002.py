"""What is told of the measures of plans."""

from alembic import op

revision = "alerts_0002"
down_revision = "alerts_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.execute(
        """
        create table alerts.measure_updates (
            source text not null, id text not null, plan text not null, measure text not null, body jsonb not null,
            primary key (source, id))
        """
    )
    op.execute("create index measure_updates_measure on alerts.measure_updates (plan, measure)")


def downgrade() -> None:
    """Drop it."""
    op.execute("drop table alerts.measure_updates")
