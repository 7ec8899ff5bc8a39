"""Several mails that leave as one: which, and how things stood when they were put together."""

from alembic import op

revision = "alerts_0010"
down_revision = "alerts_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those that wait already leave one by one."""
    op.execute("create table alerts.bundles (id text primary key, around jsonb not null, formed timestamptz not null)")
    op.execute("alter table alerts.outbox add column bundle text references alerts.bundles")
    op.execute("create index outbox_bundle on alerts.outbox (bundle) where bundle is not null")


def downgrade() -> None:
    """Let those of a bundle leave one by one."""
    op.execute("alter table alerts.outbox drop column bundle")
    op.execute("drop table alerts.bundles")
