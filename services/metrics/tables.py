"""The statements of the schema ``metrics``; the tables are made by deploy/migrations/versions/metrics_0001.py."""

CLAIM = """
insert into offsets (topic, part, next) select t, p, 0 from unnest($1::text[], $2::int[]) u(t, p)
on conflict do nothing
"""

POSITIONS = "select topic, part, next, digest, stopped from offsets"

LOCK = """
select 1 from offsets o join unnest($1::text[], $2::int[]) u(t, p) on o.topic = u.t and o.part = u.p
order by o.topic, o.part for update of o
"""

ADVANCE = """
update offsets o set next = u.next, digest = u.digest
from (select * from unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[], $5::bytea[]) u(t, p, at, next, digest)
    order by 1, 2) u
where o.topic = u.t and o.part = u.p and o.next = u.at and o.stopped is null
returning 1
"""
"""Compare and set: only the owner that saw the present position moves it; a late twin moves nothing and gives up."""

STOP = "update offsets set stopped = $4 where topic = $1 and part = $2 and next = $3 and stopped is null"

NEW_LOG = "insert into logs (topic, id, partitions) values ($1, $2, $3) on conflict do nothing"

NAME_LOG = "update logs set id = $2 where topic = $1 and id is null"

LOG = "select id, partitions from logs where topic = $1"

CHANGE_LOG = """
insert into logs (topic, id, partitions) values ($1, $2, $3)
on conflict (topic) do update set id = excluded.id, partitions = excluded.partitions
"""

FORGET_PARTITIONS = "delete from offsets where topic = $1 and part >= $2"

REALIGN = """
update offsets set next = 0, digest = null, stopped = null
where topic = $1 and ($2 or stopped is not null) returning part
"""

SET_LETTERS_ASIDE = """
update dead_letters set topic = topic || '@' || to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS')
where topic = $1 and part = any($2::int[])
"""
"""Another log may have other messages at the same places."""

BY_KEY = """
select q.n, p.key, p.section, p.lo, p.hi, p.body
from unnest($1::int[], $2::text[], $3::text[]) q(n, subject, key)
cross join lateral (select * from parts where subject = q.subject and key = q.key) p
"""

BY_DAYS = """
select q.n, p.key, p.section, p.lo, p.hi, p.body
from unnest($1::int[], $2::text[], $3::smallint[], $4::int[], $5::int[]) q(n, subject, section, lo, hi)
cross join lateral (
    select * from parts
    where subject = q.subject and section = q.section and section > 0 and hi >= q.lo and lo <= q.hi) p
"""

UPDATE_PARTS = """
update parts p set section = u.section, lo = u.lo, hi = u.hi, body = u.body
from unnest($1::text[], $2::text[], $3::smallint[], $4::int[], $5::int[], $6::bytea[])
     u(subject, key, section, lo, hi, body)
where p.subject = u.subject and p.key = u.key
"""

PART_COLUMNS = ("subject", "key", "section", "lo", "hi", "body")
FACT_COLUMNS = ("batch", "cell", "measure", "day", "delta")
CAUSE_COLUMNS = ("batch", "type", "events", "first", "cells", "measures")
UNIT_COLUMNS = ("batch", "ref", "definitions")

CELLS = """
select id, unit, occupation, gender, age from cells
where tx >= pg_snapshot_xmin($1::text::pg_snapshot) and not pg_visible_in_snapshot(tx, $1::text::pg_snapshot)
"""
"""Like batches, cells are not always committed in the order of their numbers."""

NEW_CELLS = """
insert into cells (unit, occupation, gender, age)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) on conflict do nothing
"""
"""To be given those alone that are not there: a row that is refused has used up a number all the same."""

FIND_CELLS = """
select c.id, c.unit, c.occupation, c.gender, c.age
from unnest($1::text[], $2::text[], $3::text[], $4::text[]) u(unit, occupation, gender, age)
join cells c using (unit, occupation, gender, age)
"""

BATCH_ID = "select nextval(pg_get_serial_sequence('batches', 'id'))"

ONE_COMMITS = "select pg_advisory_xact_lock(hashtext('stadga.metrics.commit'))"

NEW_BATCH = """
insert into batches (id, events, facts, tree, seq) overriding system value
values ($1, $2, $3, $4, greatest($1, 1 + (select coalesce(max(seq), 0) from batches)))
"""
"""Numbered by ``id`` as they begin, by ``seq`` as they are committed, one at a time: last in the transaction, so that
a greater ``seq`` and a later ``at`` were committed later. Of many that write at once the first may end last.
"""

UNITS = "select distinct on (ref) ref, definitions from units order by ref, batch desc"

UNITS_THEN = """
select distinct on (ref) ref, definitions from units join batches on id = batch
where at <= $1 order by ref, batch desc
"""

BURY = """
insert into dead_letters (topic, part, off, key, value, error)
select * from unnest($1::text[], $2::int[], $3::bigint[], $4::bytea[], $5::bytea[], $6::text[])
on conflict do nothing
"""

COUNT_ANOMALIES = "select kind, sum(delta)::bigint from anomalies group by kind order by kind"

_OF_CELLS = """
select ($1::int[])[cell - $2] as class, measure, greatest(day, $3) as day, sum(delta)::bigint as delta
from facts {joined}
where ($4::int[] is null or cell = any($4)) and ($5::smallint[] is null or measure = any($5)) and day <= $6
group by 1, 2, 3
"""

OF_CELLS = _OF_CELLS.format(joined="")
"""Facts older than the kernels reach all count alike, so they are summed as if they fell on the first day in reach.
Classes are looked up by the cell's number in an array: a join makes plans that read far too much."""

OF_CELLS_THEN = _OF_CELLS.format(joined="join batches on id = batch and at <= $7")

OF_CELLS_SINCE = """
select seq, ($1::int[])[cell - $2] as class, measure, greatest(day, $3) as day, sum(delta)::bigint as delta
from facts join batches on id = batch and at > $7
where ($4::int[] is null or cell = any($4)) and ($5::smallint[] is null or measure = any($5)) and day <= $6
group by 1, 2, 3, 4
"""

CAME = "select seq, at from batches where seq = any($1::bigint[]) order by seq"

CAUSES = """
select seq, type, c.events, first, cells, measures from causes c join batches b on b.id = batch
where seq = any($1::bigint[])
"""

FOR_QUESTIONS = "set local plan_cache_mode = force_custom_plan; set local jit = off"
"""Ten cells and ten thousand need plans of their own; compiling takes longer than most answers."""

EVERYTHING = """
select cell, measure, greatest(day, $1) as day, sum(delta)::bigint as delta from facts group by 1, 2, 3
"""

ALL_OF = "select cell, measure, day, sum(delta)::bigint from facts where measure = any($1) group by 1, 2, 3"

SOME_OF = "select cell, measure, day, delta from facts where measure = any($1) and batch = any($2::bigint[])"

SNAPSHOT = "select pg_current_snapshot()::text"

REVISION = "select coalesce(max(seq), 0) from batches where $1::timestamptz is null or at <= $1"

COMMITTED_SINCE = """
select id, events, tree from batches
where tx >= pg_snapshot_xmin($1::text::pg_snapshot) and not pg_visible_in_snapshot(tx, $1::text::pg_snapshot)
"""
"""Batches of the transactions that a snapshot did not see: commits out of order of their numbers are not missed."""

FACTS_OF = "select cell, measure, greatest(day, $2) as day, delta from facts where batch = any($1::bigint[])"

NEW_TERM = """
insert into publications as p (term, number) values (1, (extract(epoch from clock_timestamp()) * 1000)::bigint)
on conflict (one) do update set term = p.term + 1 returning term
"""

NEXT_PUBLICATION = """
update publications set number = greatest(number + 1, (extract(epoch from clock_timestamp()) * 1000)::bigint)
where term = $1 returning number
"""
"""Never behind the clock (in milliseconds): numbers go on growing when the table was lost, or put back from a copy."""
