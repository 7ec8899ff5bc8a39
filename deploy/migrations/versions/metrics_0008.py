"""Since when sources tell of what; what was taken in before is taken for all there ever was."""

from alembic import op

revision = "metrics_0008"
down_revision = "metrics_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row for each source, type of event, unit and first day that was news when its batch was taken in."""
    op.execute("""
        create table metrics.coverage (
            batch bigint not null,
            source text not null,
            type text not null,
            unit text not null,
            declared boolean not null,
            first int not null,
            primary key (source, type, unit, declared, first, batch)
        )
    """)
    op.execute("create index coverage_batch on metrics.coverage (batch)")
    op.execute("""
        insert into metrics.coverage
        select (select min(id) from metrics.batches), '', type, '*', true, 1
        from unnest(array[
            'hr.employment.started.v1', 'hr.employment.ended.v1', 'hr.absence.started.v1', 'hr.milestone.reached.v1',
            'hr.time.reported.v1', 'hr.caseload.reported.v1', 'hr.assignment.started.v1', 'hr.vacancy.opened.v1',
            'hr.incident.reported.v1', 'hr.pulse.reported.v1', 'hr.cost.reported.v1', 'hr.handover.reported.v1',
            'grade', 'hired_from', 'study'
        ]) type
        where exists (select from metrics.batches)
    """)


def downgrade() -> None:
    """Forget it."""
    op.execute("drop table metrics.coverage")
