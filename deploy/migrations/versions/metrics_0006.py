"""What was told stays told of each kind of metric that is told by month: of health, and of pulses."""

from alembic import op

revision = "metrics_0006"
down_revision = "metrics_0005"
branch_labels = None
depends_on = None

GROUP = "month, unit, occupation, gender, age"


def upgrade() -> None:
    """All that is remembered by now is of health."""
    op.execute("alter table metrics.told_groups add column kind text not null default 'health'")
    op.execute("alter table metrics.told_groups alter column kind drop default")
    _key(f"kind, {GROUP}")


def downgrade() -> None:
    """Forget what was told of pulses."""
    op.execute("delete from metrics.told_groups where kind <> 'health'")
    _key(GROUP)
    op.execute("alter table metrics.told_groups drop column kind")


def _key(columns: str) -> None:
    op.execute("alter table metrics.told_groups drop constraint told_groups_pkey")
    op.execute(f"alter table metrics.told_groups add primary key ({columns})")
