"""Counts of what plans watch, a row for each unit of a plan; what lies beside a unit is found by its parent."""

from alembic import op

revision = "alerts_0024"
down_revision = "alerts_0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count what is watched now."""
    op.execute("""
        create table alerts.watched_units (
            plan text not null,
            unit text not null,
            alerts integer not null,
            open integer not null,
            primary key (plan, unit)
        )
    """)
    op.execute("""
        insert into alerts.watched_units
        select plan, unit, count(*), count(*) filter (where state in ('firing', 'recovering'))
        from alerts.standings where watched group by plan, unit
    """)
    op.execute("create index units_parent on alerts.units ((coalesce(path[2], '')))")


def downgrade() -> None:
    """Forget them."""
    op.execute("drop index alerts.units_parent")
    op.execute("drop table alerts.watched_units")
