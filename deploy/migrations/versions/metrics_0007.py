"""How far a partition was read where no message follows: behind the last one there may stand marks of transactions."""

from alembic import op

revision = "metrics_0007"
down_revision = "metrics_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Known of none yet."""
    op.execute("alter table metrics.offsets add column reached bigint not null default 0")


def downgrade() -> None:
    """Forget it."""
    op.execute("alter table metrics.offsets drop column reached")
