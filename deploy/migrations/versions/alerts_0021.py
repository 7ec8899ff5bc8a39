"""Values of single months, which targets with a rule are judged by, and what was asked for of them when."""

from alembic import op

revision = "alerts_0021"
down_revision = "alerts_0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was asked for yet."""
    op.execute("""
        create table alerts.months (
            unit text not null,
            occupation text not null,
            metric text not null,
            month date not null,
            value jsonb not null,
            primary key (unit, occupation, metric, month)
        )
    """)
    op.execute("""
        create table alerts.months_asked (
            unit text not null,
            occupation text not null,
            metric text not null,
            first date not null,
            last date not null,
            on_day date not null,
            primary key (unit, occupation, metric)
        )
    """)


def downgrade() -> None:
    """Forget them: they are asked for again."""
    op.execute("drop table alerts.months_asked")
    op.execute("drop table alerts.months")
