"""Units are dealt to shards: of each shard its leader's term, the number of its publications, and how far they go."""

from alembic import op

revision = "metrics_0018"
down_revision = "metrics_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What there was is that of the one shard that has everything."""
    op.execute("alter table metrics.publications drop column one")
    op.execute("alter table metrics.publications add column shard integer not null default 0 primary key")
    op.execute("alter table metrics.publications add column shards integer not null default 1")
    op.execute("alter table metrics.publications add column telling bigint not null default 0")


def downgrade() -> None:
    """One row for all: every leader of a shard is deposed, and numbers go on growing."""
    op.execute(
        "update metrics.publications set term = 1 + (select max(term) from metrics.publications),"
        " number = (select max(number) from metrics.publications), seq = (select min(seq) from metrics.publications)"
    )
    op.execute("delete from metrics.publications where shard > 0")
    op.execute("alter table metrics.publications drop column shard, drop column shards, drop column telling")
    op.execute("alter table metrics.publications add column one boolean primary key default true check (one)")
