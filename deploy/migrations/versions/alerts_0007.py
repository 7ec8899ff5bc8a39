"""What is not known: since when a value is, and whether a breach may have begun before its first day on record."""

from alembic import op

revision = "alerts_0007"
down_revision = "alerts_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Episodes of before are taken to have begun on the day they say."""
    op.execute("alter table alerts.observations add column known_from date, add column complete_from date")
    op.execute("alter table alerts.episodes add column since_at_least boolean not null default false")


def downgrade() -> None:
    """Drop them."""
    op.execute("alter table alerts.episodes drop column since_at_least")
    op.execute("alter table alerts.observations drop column known_from, drop column complete_from")
