"""Whose the schema is, of the tenants that share a server: each service looks before it reads or writes anything."""

from alembic import context, op
from sqlalchemy import text

revision = "metrics_0015"
down_revision = "metrics_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mark the schema with the tenant that it is migrated for; without one, with none."""
    op.execute("create table metrics.tenant (one boolean primary key default true check (one), name text not null)")
    whose = text("insert into metrics.tenant (name) values (:name)")
    op.execute(whose.bindparams(name=context.config.attributes["tenant"]))


def downgrade() -> None:
    """Forget whose it is."""
    op.execute("drop table metrics.tenant")
