"""The schema of the metrics service: records part by part, the ledger of facts, and where it has read to."""

from alembic import op

revision = "metrics_0001"
down_revision = None
branch_labels = ("metrics",)
depends_on = None

STATEMENTS = (
    "create schema metrics",
    """
    create table metrics.parts (
        subject text collate "C" not null, key text collate "C" not null,
        section smallint not null, lo integer not null, hi integer not null, body bytea not null,
        primary key (subject, key)) with (fillfactor = 90)
    """,
    "create index parts_days on metrics.parts (subject, section, hi) include (lo) where section > 0",
    """
    create table metrics.cells (
        id integer generated always as identity primary key,
        tx xid8 not null default pg_current_xact_id(),
        unit text not null, occupation text not null, gender text not null, age text not null,
        unique (unit, occupation, gender, age))
    """,
    "create index cells_tx on metrics.cells (tx)",
    """
    create table metrics.batches (
        id bigint generated always as identity primary key,
        tx xid8 not null default pg_current_xact_id(), at timestamptz not null default clock_timestamp(),
        events integer not null, facts integer not null, tree boolean not null)
    """,
    "create index batches_tx on metrics.batches (tx)",
    """
    create table metrics.facts (
        batch bigint not null, cell integer not null, measure smallint not null, day integer not null,
        delta bigint not null)
    """,
    "create index facts_cell on metrics.facts (cell, measure)",
    "create index facts_batch on metrics.facts using brin (batch) with (pages_per_range = 8, autosummarize = on)",
    "create table metrics.anomalies (batch bigint not null, kind text not null, delta bigint not null)",
    """
    create table metrics.causes (
        batch bigint not null, type text not null, events integer not null, first integer not null,
        cells integer[], measures smallint[])
    """,
    "create index causes_batch on metrics.causes (batch)",
    """
    create table metrics.units (
        batch bigint not null, ref text collate "C" not null, definitions bytea not null, primary key (ref, batch))
    """,
    """
    create table metrics.offsets (
        topic text not null, part integer not null, next bigint not null, primary key (topic, part))
    """,
    """
    create table metrics.dead_letters (
        topic text not null, part integer not null, off bigint not null, key bytea, value bytea,
        error text not null, at timestamptz not null default now(), primary key (topic, part, off))
    """,
)


def upgrade() -> None:
    """Make the schema."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop it with everything in it."""
    op.execute("drop schema metrics cascade")
