"""Counts of what plans watch, by unit; how far a plan is marked; what lies beside a unit is found by its parent."""

from alembic import op

revision = "alerts_0024"
down_revision = "alerts_0023"
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
    op.execute("""
        create table alerts.marking (
            plan text primary key,
            targets text[] not null,
            after text not null,
            marked timestamptz not null
        )
    """)
    op.execute("create index units_parent on alerts.units ((coalesce(path[2], '')))")


def downgrade() -> None:
    """Forget them; what was still to be marked is."""
    op.execute("""
        insert into alerts.due
        select plan, target, unit, true, marked from alerts.marking, unnest(targets) target, alerts.units
        where unit > after
        union select plan, target, unit, true, marked
        from alerts.standings join alerts.marking using (plan) where watched and unit > after
        on conflict do nothing
    """)
    op.execute("drop table alerts.marking")
    op.execute("drop index alerts.units_parent")
    op.execute("drop table alerts.watched_units")
