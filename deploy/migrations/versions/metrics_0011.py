"""How far the ledger was published: whoever asks for values is told whether they go further."""

from alembic import op

revision = "metrics_0011"
down_revision = "metrics_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is known to be published yet."""
    op.execute("alter table metrics.publications add column seq bigint not null default 0")


def downgrade() -> None:
    """Forget it."""
    op.execute("alter table metrics.publications drop column seq")
