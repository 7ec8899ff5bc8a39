"""Who is signed in: the digest of a cookie, and what the identity provider said of somebody."""

from alembic import op

revision = "alerts_0017"
down_revision = "alerts_0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; nobody is signed in."""
    op.execute(
        """
        create table alerts.sessions (
            id bytea primary key, subject text not null, provider_session text not null, name text not null,
            groups text[] not null, created timestamptz not null, used timestamptz not null)
        """
    )
    op.execute("create index sessions_subject on alerts.sessions (subject)")
    op.execute("create index sessions_provider on alerts.sessions (provider_session)")


def downgrade() -> None:
    """Sign everybody out."""
    op.execute("drop table alerts.sessions")
