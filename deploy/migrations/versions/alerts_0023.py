"""Values of parts of a group, such as the women of a unit, which are asked for; months of these, too."""

from alembic import op

revision = "alerts_0023"
down_revision = "alerts_0022"
branch_labels = None
depends_on = None

MONTHLY = {
    "months": "unit, occupation, metric, gender, age, month",
    "months_asked": "unit, occupation, metric, gender, age",
}
BEFORE = {"months": "unit, occupation, metric, month", "months_asked": "unit, occupation, metric"}


def upgrade() -> None:
    """Nothing was asked for yet; the months that are kept are of everyone."""
    op.execute("""
        create table alerts.part_values (
            unit text not null,
            occupation text not null,
            metric text not null,
            gender text not null,
            age text not null,
            as_of date not null,
            value jsonb not null,
            primary key (unit, occupation, metric, gender, age, as_of)
        )
    """)
    op.execute("""
        create table alerts.parts_asked (
            unit text not null,
            occupation text not null,
            by text not null,
            metric text not null,
            as_of date not null,
            on_day date,
            moves int not null default 0,
            seen int not null default 0,
            primary key (unit, occupation, by, metric, as_of)
        )
    """)
    for table, key in MONTHLY.items():
        op.execute(f"""
            alter table alerts.{table}
                add column gender text not null default '*',
                add column age text not null default '*',
                drop constraint {table}_pkey,
                add primary key ({key})
        """)


def downgrade() -> None:
    """Forget them: they are asked for again."""
    op.execute("drop table alerts.parts_asked")
    op.execute("drop table alerts.part_values")
    op.execute("delete from alerts.months where (gender, age) <> ('*', '*')")
    op.execute("delete from alerts.months_asked where (gender, age) <> ('*', '*')")
    for table, key in BEFORE.items():
        op.execute(f"""
            alter table alerts.{table}
                drop column gender,
                drop column age,
                add primary key ({key})
        """)
