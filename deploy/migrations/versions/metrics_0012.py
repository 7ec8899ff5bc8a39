"""Which units each delivery touches, and which are held back from what is published."""

from alembic import op

revision = "metrics_0012"
down_revision = "metrics_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what has arrived before it is not known which units it touches: all of them, for what is open still."""
    op.execute("alter table metrics.arrivals add column units text[] not null default '{*}'")
    op.execute("alter table metrics.arrivals alter column units drop default")
    op.execute("alter table metrics.publications add column held text[] not null default '{}'")


def downgrade() -> None:
    """Forget it."""
    op.execute("alter table metrics.publications drop column held")
    op.execute("alter table metrics.arrivals drop column units")
