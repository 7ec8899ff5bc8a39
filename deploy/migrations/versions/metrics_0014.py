"""The access log: who looked at what. Rows are added, and deleted once they are old; nobody changes one."""

from alembic import op

revision = "metrics_0014"
down_revision = "metrics_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, and what keeps it as it was written."""
    op.execute(
        """
        create table metrics.access_log (
            id uuid primary key, at timestamptz not null, who text not null, name text not null, through text not null,
            method text not null, route text not null, unit text, metric text, status integer not null)
        """
    )
    op.execute("create index access_log_at on metrics.access_log (at, id)")
    op.execute(
        """
        create function metrics.keep_access_log() returns trigger language plpgsql as $$
        begin
            if tg_op = 'DELETE' then
                if old.at < now() - interval '30 days' then
                    return old;
                end if;
            end if;
            raise exception 'the access log is added to, and nothing else';
        end $$
        """
    )
    op.execute(
        "create trigger kept before update or delete on metrics.access_log"
        " for each row execute function metrics.keep_access_log()"
    )
    op.execute(
        "create trigger kept_whole before truncate on metrics.access_log"
        " for each statement execute function metrics.keep_access_log()"
    )


def downgrade() -> None:
    """Forget who looked at what."""
    op.execute("drop table metrics.access_log")
    op.execute("drop function metrics.keep_access_log()")
