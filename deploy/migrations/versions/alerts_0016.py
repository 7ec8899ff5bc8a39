"""What was told of measures of plans that are neglected: a row for each time."""

from alembic import op

revision = "alerts_0016"
down_revision = "alerts_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was told yet."""
    op.execute("""
        create table alerts.neglects (
            plan text not null,
            key text not null,
            measure text not null,
            neglect text not null,
            since date,
            day date not null,
            told text[] not null,
            primary key (plan, key, day)
        )
    """)


def downgrade() -> None:
    """Forget what was told."""
    op.execute("drop table alerts.neglects")
