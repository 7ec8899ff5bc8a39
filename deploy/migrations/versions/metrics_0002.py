"""Batches in the order of their commits, numbers of publications, and positions that know their log."""

from alembic import op

revision = "metrics_0002"
down_revision = "metrics_0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    "alter table metrics.batches add seq bigint",
    "update metrics.batches set seq = id",
    "alter table metrics.batches alter seq set not null, add unique (seq)",
    """
    create table metrics.publications (
        one boolean primary key default true check (one), term bigint not null, number bigint not null)
    """,
    "alter table metrics.offsets add digest bytea, add stopped text",
    "create table metrics.logs (topic text primary key, id text, partitions integer not null)",
)


def upgrade() -> None:
    """Add what is missing; batches there are were committed in the order of their numbers, as far as is known."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop it."""
    op.execute("drop table metrics.logs, metrics.publications")
    op.execute("alter table metrics.offsets drop digest, drop stopped")
    op.execute("alter table metrics.batches drop seq")
