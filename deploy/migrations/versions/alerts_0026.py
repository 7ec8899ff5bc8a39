"""Which releases the schema still serves: a service of an older one than these stops before it reads or writes."""

from alembic import op

revision = "alerts_0026"
down_revision = "alerts_0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those that need alerts_0024 or a later one: release 0.1 is served. A migration that takes away raises it."""
    op.execute(
        "create table alerts.supports (one boolean primary key default true check (one), oldest integer not null)"
    )
    op.execute("insert into alerts.supports (oldest) values (24)")


def downgrade() -> None:
    """Forget it."""
    op.execute("drop table alerts.supports")
