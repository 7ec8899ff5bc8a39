"""What came of each source: new events by type and the day on which the source recorded them."""

from alembic import op

revision = "metrics_0010"
down_revision = "metrics_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is known of what came before."""
    op.execute("""
        create table metrics.source_days (
            source text not null, type text not null, day integer not null, events bigint not null,
            primary key (source, type, day))
    """)


def downgrade() -> None:
    """Forget it."""
    op.execute("drop table metrics.source_days")
