"""Work in proportion to what changed: units of their own, alerts that are due, rounds, faults; mails held back."""

from alembic import op

revision = "alerts_0003"
down_revision = "alerts_0002"
branch_labels = None
depends_on = None

UP = (
    "create sequence alerts.rounds",
    """
    create table alerts.units (
        unit text primary key, name text not null, path text[] not null, today date not null,
        revision bigint not null, whole boolean not null, round bigint not null)
    """,
    """
    insert into alerts.units
    select distinct on (unit) unit, name, path, today, revision, occupation = '*', nextval('alerts.rounds')
    from alerts.groups order by unit, today desc, revision desc, (occupation = '*') desc
    """,
    "create index units_round on alerts.units (round)",
    "alter table alerts.groups drop column name, drop column path",
    "create index groups_today on alerts.groups (today)",
    "alter table alerts.standings add column round bigint not null default 0",
    "update alerts.standings set round = nextval('alerts.rounds')",
    "create index standings_round on alerts.standings (round)",
    "create index standings_unit on alerts.standings (unit) where watched",
    """
    create table alerts.due (
        plan text not null, target text not null, unit text not null, bulk boolean not null,
        marked timestamptz not null, primary key (plan, target, unit))
    """,
    "create index due_order on alerts.due (bulk, marked)",
    """
    create table alerts.unjudged (
        plan text not null, target text not null, unit text not null, error text not null,
        since timestamptz not null, primary key (plan, target, unit))
    """,
    "alter table alerts.plans add column changed timestamptz",
    "update alerts.plans set changed = loaded",
    "alter table alerts.plans alter column changed set not null",
    """
    alter table alerts.outbox add column answered timestamptz, add column held timestamptz,
        drop constraint outbox_state, add constraint outbox_state
            check (state in ('pending', 'sent', 'failed', 'held', 'summarised'))
    """,
    "create index outbox_sent on alerts.outbox (address, sent) where state = 'sent'",
    "create index outbox_held on alerts.outbox (address, held) where state = 'held'",
    "create index outbox_failed on alerts.outbox (created) where state = 'failed'",
    "create index outbox_settled on alerts.outbox (created) where state in ('sent', 'failed', 'summarised')",
)
DOWN = (
    "drop index alerts.outbox_settled",
    "drop index alerts.outbox_failed",
    "drop index alerts.outbox_held",
    "drop index alerts.outbox_sent",
    "update alerts.outbox set state = 'pending' where state = 'held'",
    "update alerts.outbox set state = 'sent' where state = 'summarised'",
    """
    alter table alerts.outbox drop column answered, drop column held, drop constraint outbox_state,
        add constraint outbox_state check (state in ('pending', 'sent', 'failed'))
    """,
    "alter table alerts.plans drop column changed",
    "drop table alerts.unjudged",
    "drop table alerts.due",
    "drop index alerts.standings_unit",
    "alter table alerts.standings drop column round",
    "drop index alerts.groups_today",
    "alter table alerts.groups add column name text, add column path text[]",
    "update alerts.groups g set name = u.name, path = u.path from alerts.units u where u.unit = g.unit",
    "alter table alerts.groups alter column name set not null, alter column path set not null",
    "drop table alerts.units",
    "drop sequence alerts.rounds",
)


def upgrade() -> None:
    """Add them; what is known goes along."""
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    """Take them away; mails held back are sent one by one again."""
    for statement in DOWN:
        op.execute(statement)
