"""Units are dealt to shards: of each shard its leader's term, the number of its publications, and how far they go."""

from alembic import op

revision = "metrics_0018"
down_revision = "metrics_0017"
branch_labels = None
depends_on = None

NEIGHBOURS = "Release 0.1 finds its row by `one`, which stays unique: it is true of the one shard, null of several."


def upgrade() -> None:
    """What there was is that of the one shard that has everything."""
    op.execute(
        """
        alter table metrics.publications
            add column shard integer not null default 0,
            add column shards integer not null default 1,
            add column telling bigint not null default 0
        """
    )
    op.execute(
        """
        alter table metrics.publications
            drop constraint publications_pkey, add primary key (shard), add constraint publications_one unique (one)
        """
    )
    op.execute("alter table metrics.publications alter column one drop not null")


def downgrade() -> None:
    """One row for all: every leader of a shard is deposed, and numbers go on growing."""
    op.execute(
        "update metrics.publications set term = 1 + (select max(term) from metrics.publications),"
        " number = (select max(number) from metrics.publications), seq = (select min(seq) from metrics.publications)"
    )
    op.execute("delete from metrics.publications where shard > 0")
    op.execute("update metrics.publications set one = true")
    op.execute(
        """
        alter table metrics.publications
            drop column shard, drop column shards, drop column telling,
            drop constraint publications_one, add primary key (one)
        """
    )
