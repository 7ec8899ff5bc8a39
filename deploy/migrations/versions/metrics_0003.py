"""Messages put aside: why, in words of a closed set; which of them an operator wants put aside."""

from alembic import op

revision = "metrics_0003"
down_revision = "metrics_0001"
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
)

BACK = (
    "drop table metrics.set_aside",
    "drop index metrics.dead_letters_received",
    "alter table metrics.dead_letters drop column reason",
    "alter table metrics.dead_letters rename column received to at",
    'alter table metrics.dead_letters rename column "offset" to off',
    "alter table metrics.dead_letters rename column partition to part",
)


def upgrade() -> None:
    """Name what a dead letter is for."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Forget the reasons."""
    for statement in BACK:
        op.execute(statement)
