"""What is done about alerts: a row for each thing that somebody, or the service, did; and the key that signs links."""

from alembic import op

revision = "alerts_0014"
down_revision = "alerts_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was done yet. Steps get a type, since what was done is told on the same topic, in order."""
    op.execute("""
        create table alerts.handlings (
            seq bigint generated always as identity primary key,
            key text not null unique,
            plan text not null,
            target text not null,
            unit text not null,
            episode text,
            kind text not null,
            by text not null,
            at timestamptz not null,
            day date not null,
            until date,
            note text,
            told text[] not null default '{}'
        )
    """)
    op.execute("create index handlings_alert on alerts.handlings (plan, target, unit, seq)")
    op.execute("create index handlings_snoozes on alerts.handlings (until) where kind = 'snoozed'")
    op.execute("""
        create view alerts.snoozes as
        select plan, target, unit, until from alerts.handlings snooze
        where kind = 'snoozed' and not exists (
            select from alerts.handlings later
            where (later.plan, later.target, later.unit) = (snooze.plan, snooze.target, snooze.unit)
                and later.kind in ('snoozed', 'awakened', 'snooze_ended') and later.seq > snooze.seq)
    """)
    op.execute("alter table alerts.transitions add column type text not null default 'workforce.alert.changed.v1'")
    single = "single boolean primary key default true check (single)"
    op.execute(f"create table alerts.link_key ({single}, key bytea not null)")


def downgrade() -> None:
    """Forget what was done."""
    op.execute("drop table alerts.link_key")
    op.execute("delete from alerts.transitions where type <> 'workforce.alert.changed.v1'")
    op.execute("alter table alerts.transitions drop column type")
    op.execute("drop view alerts.snoozes")
    op.execute("drop table alerts.handlings")
