"""What was told of health: how far, in which unit trees, and the groups whose months stay as they were told."""

from alembic import op

revision = "metrics_0005"
down_revision = "metrics_0004"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    create table metrics.told (
        one boolean primary key default true check (one), snapshot text not null, number bigint not null)
    """,
    "create table metrics.told_until (until date primary key, snapshot text not null)",
    """
    create table metrics.told_groups (
        month date not null, unit text not null, occupation text not null, gender text not null, age text not null,
        sums numeric[], primary key (month, unit, occupation, gender, age))
    """,
)


def upgrade() -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    for table in ("told_groups", "told_until", "told"):
        op.execute(f"drop table metrics.{table}")
