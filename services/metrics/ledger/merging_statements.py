"""The statements that close periods of the ledger and merge the facts of old ones.

``facts`` is partitioned by batch: ``facts_N`` begins with batch N, and what is merged bears the number 0.
"""

ONE_MERGES = "select pg_try_advisory_xact_lock(hashtext('stadga.metrics.merging'))"

SOON = "set local lock_timeout = '1s'"
"""Whoever waits for the whole table lets all who come later wait too."""

OPEN = "select first, (select min(at) from batches where id >= first) from periods order by first desc limit 1"
"""The period that facts are added to, and when the first of its batches was taken in."""

HOLD_FACTS = "lock table facts in access exclusive mode"

CLOSE = """
do $$ declare begun bigint := (select max(first) from periods);
    ends bigint := nextval(pg_get_serial_sequence('batches', 'id'));
begin
    execute format('alter table facts detach partition facts_%s', begun);
    execute format('alter table facts attach partition facts_%s for values from (%s) to (%s)', begun, begun, ends);
    execute format('create table facts_%s partition of facts for values from (%s) to (maxvalue)', ends, ends);
    update periods set closed = pg_current_xact_id() where first = begun;
    insert into periods (first) values (ends);
end $$
"""
"""Its end is a number that no batch has: those begun are before it, those to come behind."""

RIPE = """
select first, until, at from (
    select first, closed, lead(first) over (order by first) as until from periods) period
cross join lateral (select max(at) as at from batches where id > 0 and id < until) last
cross join lateral (select tx from batches where id > 0 and id < until order by tx desc limit 1) latest
where closed is not null and at < $1 and greatest(closed, tx) < pg_snapshot_xmin(pg_current_snapshot())
    and not exists (select from told where tx >= pg_snapshot_xmin(snapshot::pg_snapshot))
order by first limit 1
"""
"""The oldest closed period, once its batches were taken in before a time, and seen by whatever goes by snapshots."""

FORGET_BEFORE = """
insert into batches (id, tx, at, events, facts, tree, seq) overriding system value
select 0, tx, $2, 0, 0, false, 0 from batches where id > 0 and id < $1 order by tx desc limit 1
on conflict (id) do update set tx = greatest(batches.tx, excluded.tx), at = greatest(batches.at, excluded.at)
"""
"""What is merged counts as one batch, taken in when the last of it was."""

FORGOTTEN = "select at from batches where id = 0"

SLICE = """
select cell, measure from (
    select cell, measure from facts_{first} where (cell, measure) > ($1, $2) order by cell, measure limit $3) slice
order by cell desc, measure desc limit 1
"""

MERGE = f"""
with gone as (
    delete from facts_{{first}} where (cell, measure) > ($1, $2) and (cell, measure) <= ($3, $4)
    returning cell, measure, day, delta),
there as (
    delete from facts_merged m using (select distinct cell, measure, day from gone) g
    where (m.cell, m.measure) > ($1, $2) and (m.cell, m.measure) <= ($3, $4)
        and (m.cell, m.measure, m.day) = (g.cell, g.measure, g.day)
    returning m.cell, m.measure, m.day, m.delta)
insert into facts_merged (batch, cell, measure, day, delta)
select 0, cell, measure, day, (sign(total) * least(abs(total) - n * {2**62}, {2**62}))::bigint
from (
    select cell, measure, day, sum(delta) as total from (select * from gone union all select * from there) both_of
    group by cell, measure, day having sum(delta) <> 0) merged,
    generate_series(0, div(abs(total), {2**62})) n
where abs(total) > n * {2**62}
"""  # noqa: S608  (numbers written here)
"""A sum that 64 bits do not hold is several facts."""

FORGET_CAUSES = """
delete from causes where ctid = any(array(select ctid from causes where batch > 0 and batch < $1 limit $2))
"""

FORGET_REDESCRIBED = """
delete from redescribed where ctid = any(array(select ctid from redescribed where batch < $1 limit $2))
"""

FORGET_BATCHES = """
delete from batches where id = any(array(
    select id from batches b where id > 0 and id < $1 and not tree and seq <> (select max(seq) from batches)
        and not exists (select from units where batch = b.id) and not exists (select from coverage where batch = b.id)
        and not exists (select from anomalies where batch = b.id)
    limit $2))
"""
"""Those that nothing refers to."""

NOW = "select clock_timestamp()"

BEGUN_BEFORE = """
select exists (
    select from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and xact_start <= $1)
"""
"""Whether a transaction is open that may see the ledger as it was then. What is dropped is gone for these too."""

DROP = """
do $$ begin
    if exists (select from facts_{first}) then
        raise exception 'facts are left';
    end if;
    drop table facts_{first};
    delete from periods where first = {first};
end $$
"""
