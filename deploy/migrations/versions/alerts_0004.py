"""Messages put aside: counted by when, and which of them an operator wants put aside."""

from alembic import op

revision = "alerts_0004"
down_revision = "alerts_0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    "alter table alerts.dead_letters alter column received set default now()",
    "create index dead_letters_received on alerts.dead_letters (received)",
    """
    create table alerts.set_aside (
        topic text not null, partition integer not null, "offset" bigint not null, why text not null,
        at timestamptz not null default now(), primary key (topic, partition, "offset"))
    """,
)

BACK = (
    "drop table alerts.set_aside",
    "drop index alerts.dead_letters_received",
    "alter table alerts.dead_letters alter column received drop default",
)


def upgrade() -> None:
    """Make the index and the table."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Drop them."""
    for statement in BACK:
        op.execute(statement)
