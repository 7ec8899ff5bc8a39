"""In which units groups are described otherwise since persons were erased, and since which batch: ``*`` is in all."""

from alembic import op

revision = "metrics_0022"
down_revision = "metrics_0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of who was erased before it is not known where they were: it may have been anywhere."""
    op.execute(
        "create table metrics.redescribed (batch bigint not null, unit text not null, primary key (unit, batch))"
    )
    op.execute("""
        insert into metrics.redescribed (batch, unit)
        select id, '*' from metrics.batches
        where seq = (select max(seq) from metrics.batches)
            and exists (select from metrics.parts where key = 'erased')""")


def downgrade() -> None:
    """Forget it."""
    op.execute("drop table metrics.redescribed")
