"""How sources deliver, what their contacts were told, and until when values are fresh."""

from alembic import op

revision = "alerts_0009"
down_revision = "alerts_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No source is known, and no value is stale."""
    op.execute("create table alerts.sources (source text primary key, report jsonb not null, told jsonb not null)")
    op.execute("alter table alerts.observations add column fresh_until date")


def downgrade() -> None:
    """Forget it, and the mails that wait."""
    op.execute("delete from alerts.outbox where reason like 'source\\_%'")
    op.execute("alter table alerts.observations drop column fresh_until")
    op.execute("drop table alerts.sources")
