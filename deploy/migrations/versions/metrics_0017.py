"""A copy of what the replica that leads has in memory, for whoever leads next.

Nothing is written ahead of these tables (unlogged): all that is in them can be made again from the ledger. When the
server crashes they are empty, all at once.
"""

from alembic import op

revision = "metrics_0017"
down_revision = "metrics_0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables: which copy holds, its parts, and what was told since it was made."""
    op.execute(
        """
        create unlogged table metrics.book_copy (
            one boolean primary key default true check (one), number bigint not null, term bigint not null,
            release text not null, today date not null, snapshot text not null, told text not null,
            seq bigint not null, batches bigint not null, parts integer not null, marks jsonb not null,
            sent jsonb not null)
        """
    )
    op.execute(
        """
        create unlogged table metrics.book_parts (
            number bigint not null, place integer not null, body bytea not null, primary key (number, place))
        """
    )
    op.execute("alter table metrics.book_parts alter column body set storage external")
    op.execute(
        """
        create unlogged table metrics.book_told (
            id bigint generated always as identity primary key, groups integer[] not null)
        """
    )


def downgrade() -> None:
    """Forget it."""
    op.execute("drop table metrics.book_told")
    op.execute("drop table metrics.book_parts")
    op.execute("drop table metrics.book_copy")
