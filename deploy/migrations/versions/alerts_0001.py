"""The schema of the alerts service: plans, observations, alerts, their history and their mails."""

from alembic import op

revision = "alerts_0001"
down_revision = None
branch_labels = ("alerts",)
depends_on = None

TABLES = (
    """
    create table alerts.plans (
        plan text not null, version integer not null, hash text not null, source text not null, text text not null,
        parsed jsonb not null, loaded timestamptz not null, withdrawn timestamptz,
        primary key (plan, version))
    """,
    """
    create table alerts.groups (
        unit text not null, occupation text not null, name text not null, path text[] not null,
        window_days integer not null, today date not null, revision bigint not null,
        primary key (unit, occupation))
    """,
    """
    create table alerts.observations (
        unit text not null, occupation text not null, metric text not null, as_of date not null,
        horizon smallint not null, revision bigint not null, today date not null, status text not null,
        value float, numerator float, denominator float, low float, high float,
        primary key (unit, occupation, metric, as_of, horizon))
    """,
    """
    create table alerts.standings (
        plan text not null, target text not null, unit text not null, version integer not null, state text not null,
        since date, steps integer not null, watched boolean not null, memory jsonb not null, view jsonb not null,
        evaluated timestamptz not null,
        primary key (plan, target, unit))
    """,
    """
    create table alerts.episodes (
        id text primary key, plan text not null, target text not null, unit text not null, version integer not null,
        kind text not null constraint episodes_kind check (kind in ('breach', 'expected')),
        phase text not null constraint episodes_phase check (phase in ('firing', 'recovering', 'expected', 'ok')),
        since date not null, began date not null, ended date, outcome text, raised_with jsonb)
    """,
    "create index episodes_alert on alerts.episodes (plan, target, unit, began)",
    """
    create table alerts.transitions (
        seq bigint generated always as identity primary key, id text not null unique, plan text not null,
        target text not null, unit text not null, decided timestamptz not null, body jsonb not null,
        published boolean not null default false)
    """,
    "create index transitions_unpublished on alerts.transitions (seq) where not published",
    "create index transitions_alert on alerts.transitions (plan, target, unit, seq)",
    """
    create table alerts.outbox (
        id text primary key, episode text not null, reason text not null, recipient text not null,
        address text not null, language text not null, occasion jsonb not null, created timestamptz not null,
        due timestamptz not null, attempts integer not null default 0,
        state text not null default 'pending'
            constraint outbox_state check (state in ('pending', 'sent', 'failed')),
        message_id text, last_error text, sent timestamptz)
    """,
    "create index outbox_due on alerts.outbox (due) where state = 'pending'",
    "create index outbox_episode on alerts.outbox (episode)",
    """
    create table alerts.dead_letters (
        topic text not null, partition integer not null, "offset" bigint not null, key bytea, value bytea,
        reason text not null, error text not null, received timestamptz not null,
        primary key (topic, partition, "offset"))
    """,
)


def upgrade() -> None:
    """Make the schema and its tables."""
    op.execute("create schema if not exists alerts")
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    """Remove them, with everything in them."""
    op.execute("drop schema alerts cascade")
