"""Persons are erased: the record of each erasing, which names nobody, and what of it is still to be said."""

from alembic import op

revision = "metrics_0020"
down_revision = "metrics_0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.execute("""
        create table metrics.erasings (
            id uuid primary key, at timestamptz not null, by text not null, why text not null, persons integer not null,
            events bigint not null, put_aside integer not null, sums integer not null, coarsened integer not null,
            done timestamptz)""")
    op.execute("""
        create table metrics.erasing_messages (
            erasing uuid not null references metrics.erasings, n integer not null, key text not null,
            value bytea not null, primary key (erasing, n))""")


def downgrade() -> None:
    """Forget them."""
    op.execute("drop table metrics.erasing_messages, metrics.erasings")
