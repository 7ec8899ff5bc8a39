"""Which releases the schema still serves: a service of an older one than these stops before it reads or writes."""

from alembic import op

revision = "metrics_0021"
down_revision = "metrics_0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those that need metrics_0014 or a later one: release 0.1 is served. A migration that takes away raises it."""
    op.execute(
        "create table metrics.supports (one boolean primary key default true check (one), oldest integer not null)"
    )
    op.execute("insert into metrics.supports (oldest) values (14)")


def downgrade() -> None:
    """Forget it."""
    op.execute("drop table metrics.supports")
