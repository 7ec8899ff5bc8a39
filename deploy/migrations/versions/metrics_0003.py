"""Messages put aside: why, in words of a closed set, and which of them an operator wants put aside.

The rules by which the ledger is counted, and where it is counted anew by others.
"""

from alembic import op

revision = "metrics_0003"
down_revision = "metrics_0002"
branch_labels = None
depends_on = None

REASON = """
case
    when value is null or octet_length(value) = 0 then 'empty_message'
    when error like 'DecodeError:%' or error like 'UnicodeDecodeError:%' then 'not_json'
    when error like 'KeyError:%' then 'unknown_type'
    when error like 'ValidationError:%' then 'wrong_type'
    else 'refused_by_database'
end
"""

STATEMENTS = (
    "alter table metrics.dead_letters rename column part to partition",
    'alter table metrics.dead_letters rename column off to "offset"',
    "alter table metrics.dead_letters rename column at to received",
    "alter table metrics.dead_letters add column reason text",
    f"update metrics.dead_letters set reason = {REASON}",  # noqa: S608  (written here)
    "alter table metrics.dead_letters alter column reason set not null",
    "create index dead_letters_received on metrics.dead_letters (received)",
    """
    create table metrics.set_aside (
        topic text not null, partition integer not null, "offset" bigint not null, why text not null,
        at timestamptz not null default now(), primary key (topic, partition, "offset"))
    """,
    """
    create table metrics.rules (
        one boolean primary key default true constraint rules_one check (one), rules integer not null,
        remaking integer, through text collate "C" not null default '',
        done bigint not null default 0, total bigint not null default 0)
    """,
    "insert into metrics.rules (rules) values (1)",
    """
    create table metrics.remade_facts (
        cell integer not null, measure smallint not null, day integer not null, delta bigint not null)
    """,
    "create table metrics.remade_anomalies (kind text not null, delta bigint not null)",
    """
    create table metrics.remade_parts (
        subject text collate "C" not null, key text collate "C" not null,
        section smallint not null, lo integer not null, hi integer not null, body bytea not null)
    """,
)

BACK = (
    "drop table metrics.rules, metrics.remade_facts, metrics.remade_anomalies, metrics.remade_parts",
    "drop table metrics.set_aside",
    "drop index metrics.dead_letters_received",
    "alter table metrics.dead_letters drop column reason",
    "alter table metrics.dead_letters rename column received to at",
    'alter table metrics.dead_letters rename column "offset" to off',
    "alter table metrics.dead_letters rename column partition to part",
)


def upgrade() -> None:
    """Make the tables; name what a dead letter is for."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables; forget the reasons."""
    for statement in BACK:
        op.execute(statement)
