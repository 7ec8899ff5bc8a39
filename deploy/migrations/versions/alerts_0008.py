"""What is not known: since when a value is, whether a breach began earlier; and what breaches when watching begins."""

from alembic import op

revision = "alerts_0008"
down_revision = "alerts_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Episodes of before are taken to have begun on the day they say."""
    op.execute("alter table alerts.observations add column known_from date, add column complete_from date")
    op.execute("alter table alerts.episodes add column since_at_least boolean not null default false")
    op.execute(
        "create table alerts.openings (plan text not null, target text not null, unit text not null,"
        " notice jsonb not null, created timestamptz not null, due timestamptz not null, told timestamptz,"
        " primary key (plan, target, unit))"
    )
    op.execute("alter table alerts.standings add column moved jsonb")
    op.execute("create index openings_waiting on alerts.openings (plan) where told is null")


def downgrade() -> None:
    """Drop them."""
    op.execute("drop table alerts.openings")
    op.execute("alter table alerts.standings drop column moved")
    op.execute("alter table alerts.episodes drop column since_at_least")
    op.execute("alter table alerts.observations drop column known_from, drop column complete_from")
