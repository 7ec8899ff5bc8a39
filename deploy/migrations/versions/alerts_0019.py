"""Weekly summaries: how far each recipient's have come, and who has ended them."""

from alembic import op

revision = "alerts_0019"
down_revision = "alerts_0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody was told anything yet. What began and ended in a time is looked for by plan."""
    op.execute("""
        create table alerts.digests (
            plan text not null,
            recipient text not null,
            rhythm text not null,
            slot timestamptz not null,
            told timestamptz not null,
            primary key (plan, recipient)
        )
    """)
    op.execute("""
        create table alerts.digest_choices (
            seq bigint generated always as identity primary key,
            plan text not null,
            recipient text not null,
            address text not null,
            wanted boolean not null,
            by text not null,
            at timestamptz not null
        )
    """)
    op.execute("create index digest_choices_of on alerts.digest_choices (plan, recipient, address, seq)")
    op.execute("create index transitions_decided on alerts.transitions (plan, decided)")


def downgrade() -> None:
    """Forget them, and what no earlier release can send."""
    op.execute("drop index alerts.transitions_decided")
    op.execute("drop table alerts.digest_choices")
    op.execute("drop table alerts.digests")
    op.execute("delete from alerts.outbox where reason = 'digest'")
