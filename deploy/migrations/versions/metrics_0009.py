"""Deliveries: what has arrived of each, and how those ended that are over."""

from alembic import op

revision = "metrics_0009"
down_revision = "metrics_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None has begun yet. ``key`` is a digest of source and delivery, ``events`` are digests of their ids."""
    op.execute("""
        create table metrics.arrivals (
            key bigint not null, source text not null, delivery text not null, count integer,
            arrived bigint not null, events bigint[] not null, at timestamptz not null default now())""")
    op.execute("create index on metrics.arrivals (key)")
    op.execute("""
        create table metrics.deliveries (
            key bigint primary key, whole boolean not null, ended timestamptz not null default now())""")
    op.execute("create index on metrics.deliveries (ended)")


def downgrade() -> None:
    """Forget them."""
    op.execute("drop table metrics.arrivals")
    op.execute("drop table metrics.deliveries")
