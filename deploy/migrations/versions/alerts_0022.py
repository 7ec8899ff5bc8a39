"""Answers of evaluations as they were given, so that late events take none back unnoticed."""

from alembic import op

revision = "alerts_0022"
down_revision = "alerts_0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A row for each answer that said another thing than the one before it."""
    op.execute("""
        create table alerts.evaluations (
            plan text not null,
            measure text not null,
            metric text not null,
            given timestamptz not null,
            day date not null,
            hash text not null,
            answer jsonb not null,
            primary key (plan, measure, metric, given)
        )
    """)


def downgrade() -> None:
    """Forget what was answered."""
    op.execute("drop table alerts.evaluations")
