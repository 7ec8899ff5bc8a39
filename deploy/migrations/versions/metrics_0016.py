"""Facts by period of taking in, so that what nobody may ask about any more is merged without harm to what is added."""

from alembic import op

revision = "metrics_0016"
down_revision = "metrics_0015"
branch_labels = None
depends_on = None

NEIGHBOURS = "Release 0.1 adds to `facts` and reads it by its name and columns, which are as they were."


def upgrade() -> None:
    """What there is becomes the first period, as it lies; it is read through once, by the partition's bounds."""
    for name, renamed in (("cell", "facts_1_cell_measure_idx"), ("batch", "facts_1_batch_idx")):
        op.execute(f"alter index metrics.facts_{name} rename to {renamed}")
    op.execute("alter table metrics.facts rename to facts_1")
    op.execute(
        """
        create table metrics.facts (
            batch bigint not null, cell integer not null, measure smallint not null, day integer not null,
            delta bigint not null) partition by range (batch)
        """
    )
    op.execute("alter table metrics.facts attach partition metrics.facts_1 for values from (1) to (maxvalue)")
    op.execute("create table metrics.facts_merged partition of metrics.facts for values from (minvalue) to (1)")
    op.execute("create index facts_cell on metrics.facts (cell, measure)")
    op.execute(
        "create index facts_batch on metrics.facts using brin (batch) with (pages_per_range = 8, autosummarize = on)"
    )
    op.execute("create table metrics.periods (first bigint primary key, closed xid8)")
    op.execute("insert into metrics.periods (first) values (1)")


def downgrade() -> None:
    """One table again, with what was merged in it."""
    op.execute("alter table metrics.facts rename to facts_by_period")
    op.execute("drop index metrics.facts_cell, metrics.facts_batch")
    op.execute(
        """
        create table metrics.facts (
            batch bigint not null, cell integer not null, measure smallint not null, day integer not null,
            delta bigint not null)
        """
    )
    op.execute("insert into metrics.facts select * from metrics.facts_by_period")
    op.execute("drop table metrics.facts_by_period, metrics.periods")
    op.execute("create index facts_cell on metrics.facts (cell, measure)")
    op.execute(
        "create index facts_batch on metrics.facts using brin (batch) with (pages_per_range = 8, autosummarize = on)"
    )
