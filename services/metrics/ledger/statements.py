"""The statements that take in events and read facts; those of rules and tellings are beside it.

The tables are made by deploy/migrations/versions/metrics_*.py.
"""

from typing import NamedTuple

CLAIM = """
insert into offsets (topic, part, next) select t, p, 0 from unnest($1::text[], $2::int[]) u(t, p)
on conflict do nothing
"""

POSITIONS = "select topic, part, next, digest, stopped from offsets"

LOCK = """
select from offsets o join unnest($1::text[], $2::int[]) u(t, p) on o.topic = u.t and o.part = u.p
order by o.topic, o.part for update of o
"""
"""Every batch of a partition moves its row first."""

LOCK_ALL = "select from offsets order by topic, part for update"

ADVANCE = """
update offsets o set next = u.next, digest = u.digest
from (select * from unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[], $5::bytea[]) u(t, p, at, next, digest)
    order by 1, 2) u
where o.topic = u.t and o.part = u.p and o.next = u.at and o.stopped is null
returning 1
"""
"""Compare and set: only the owner that saw the present position moves it; a late twin moves nothing and gives up."""

REACHED = """
update offsets o set reached = u.reached
from unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[]) u(t, p, at, reached)
where o.topic = u.t and o.part = u.p and o.next = u.at and o.reached < u.reached
"""

FOLDED = """
select number, case when stopped is null then coalesce(greatest(next, reached), 0) end
from logs cross join generate_series(0, partitions - 1) number
left join offsets o on o.topic = logs.topic and part = number where logs.topic = $1
"""
"""Each partition of a log and where it is folded to: nowhere, if it stands still until somebody realigns it."""

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
update offsets set next = 0, reached = 0, digest = null, stopped = null
where topic = $1 and ($2 or stopped is not null) returning part
"""

RENAME_LETTERS = """
update dead_letters set topic = topic || '@' || to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS')
where topic = $1 and partition = any($2::int[])
"""
"""In another log other messages are at the same places."""

FORGET_SET_ASIDE = "delete from set_aside where topic = $1 and partition = any($2::int[])"

KNOWN = """
select subject from unnest($1::text[]) subject where exists (select from parts where parts.subject = subject.subject)
"""

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
COVERAGE_COLUMNS = ("batch", "source", "type", "unit", "declared", "first")

EARLIER = """
select u.*
from unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::int[]) u(source, type, unit, declared, first)
where not exists (
    select from coverage c
    where (c.source, c.type, c.unit, c.declared) = (u.source, u.type, u.unit, u.declared) and c.first <= u.first)
"""

EARLIEST = """
select u.*
from unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::int[]) u(source, type, unit, declared, first)
where not exists (
    select from coverage c
    where (c.source, c.type, c.declared) = (u.source, u.type, u.declared) and c.first <= u.first)
"""

COVERAGE = """
select source, type, unit, declared, min(first) as first from coverage
where $1::bigint[] is null or batch = any($1) group by source, type, unit, declared
"""

COVERAGE_THEN = """
select source, type, unit, declared, min(first) as first from coverage
where batch in (select id from batches where at <= $1) group by source, type, unit, declared
"""

CELLS = """
select id, unit, occupation, gender, age from cells
where tx >= pg_snapshot_xmin($1::text::pg_snapshot) and not pg_visible_in_snapshot(tx, $1::text::pg_snapshot)
"""
"""Like batches, cells are not always committed in the order of their numbers."""

MET = """
select id from cells
where exists (select from facts where cell = id and (measure = any($1::smallint[]) or measure >= $2::smallint))
"""

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

COUNT_ANOMALIES = """
select kind, sum(delta)::bigint from anomalies where $1::bigint[] is null or batch = any($1) group by kind
"""

ANOMALOUS = """
select kind, subject, count from (
    select kind, subject, sum(delta)::bigint as count from anomalies
    where ($1::text is null or kind = $1) and (kind, subject) > ($2, $3) and subject is not null
    group by kind, subject having sum(delta) > 0
    union all
    select $5, subject, 1 from parts
    where key = $6 and ($1 is null or $1 = $5) and ($5, subject) > ($2, $3)
        and exists (select from unnest($7::bytea[]) as unit where position(unit in body) > 0)
) as found order by kind, subject limit $4
"""
"""Those counted in records, and employments of a kind of their own that name one of some units: not all are there."""

WORK_IN = """
select unit, sum(delta)::bigint as people from facts join cells on id = cell
where unit = any($1) and measure = any($2::smallint[]) and day <= $3 group by unit having sum(delta) > 0
"""

EMPLOYMENTS = "select subject, key, section, lo, hi, body from parts where key = $1 and subject like 'person/%'"
"""Everybody's employments; all records are gone through, for a report once a year."""
GONE = """
delete from parts p using unnest($1::text[], $2::text[]) u(subject, key)
where p.subject = u.subject and p.key = u.key
"""

RECORDS = "select subject, key, section, lo, hi, body from parts where subject = any($1) order by subject, key"

TOO_LARGE = -(2**63)
"""Stands for a sum that 64 bits may not hold; the facts that make it are then read one by one."""


class Query(NamedTuple):
    """Facts summed where they meet on a day, and the same one by one, of measures given besides."""

    summed: str
    single: str


_SUM = f"case when abs(sum(delta)) < {2**62} then sum(delta)::bigint else ({TOO_LARGE})::bigint end"


def _query(select: str, keys: int, arguments: int) -> Query:
    """From a select with the keys first, and places for the delta and for a last condition."""
    summed = select.format(delta=_SUM, condition="true")
    places = ", ".join(str(n + 1) for n in range(keys))
    single = select.format(delta="delta", condition=f"measure = any(${arguments + 1}::smallint[])")
    return Query(f"{summed} group by {places}", single)


_OF_CELLS = """
select {batch}($1::int[])[cell - $2] as class, measure, greatest(day, $3) as day, {{delta}} as delta
from facts {joined}
where ($4::int[] is null or cell = any($4)) and ($5::smallint[] is null or measure = any($5)) and day <= $6
    and ($1::int[])[cell - $2] is not null and {{condition}}
"""

OF_CELLS = _query(_OF_CELLS.format(batch="", joined=""), 3, 6)
"""Facts older than the kernels reach all count alike, so they are summed as if they fell on the first day in reach.
Classes are looked up by the cell's number in an array: a join makes plans that read far too much."""

OF_CELLS_THEN = _query(_OF_CELLS.format(batch="", joined="join batches on id = batch and at <= $7"), 3, 7)

OF_CELLS_BUT = _query(
    _OF_CELLS.format(batch="", joined="").replace("{condition}", "not (batch = any($7::bigint[])) and {condition}"),
    3,
    7,
)

_TAKEN_IN = "(at at time zone {zone}::text)::date - date '0001-01-01' + 1"
"""The day of a batch by the calendar of a zone, as a number."""

_DAY = _TAKEN_IN.format(zone="$1")

OF_CELLS_BY_DAY = _query(
    _OF_CELLS.format(batch=f"{_TAKEN_IN.format(zone='$7')} as known, ", joined="join batches on id = batch"), 4, 7
)

FIRST_TAKEN_IN = f"""
select min({_DAY}) from (
    select at from batches where id = 0 or not exists (select from batches where id = 0)
    union all select clock_timestamp()) as every
"""  # noqa: S608  (written here)
"""What was merged is all that is left of what came before."""

MET_BY_DAY = f"""
select cell, min(case when {_DAY} <= $2 then least(day, $2) else {_DAY} end)
from facts join batches on id = batch group by cell
"""  # noqa: S608  (written here)

MET_OF = f"""
select cell, min(known) from (
    select cell, least(day, $2) as known from facts join batches on id = batch
    where cell = any($3) and {_DAY} <= $2 group by cell, measure, day having sum(delta) <> 0
    union all select cell, {_DAY} from facts join batches on id = batch where cell = any($3) and {_DAY} > $2) met
group by cell
"""  # noqa: S608  (written here)
"""What was taken back by the day on which all counts as loaded was never there: it may be somebody who is erased."""

UNITS_BY_DAY = f"""
select {_DAY} as known, ref, definitions from units join batches on id = batch order by batch
"""  # noqa: S608  (written here)

COVERAGE_BY_DAY = f"""
select {_DAY} as known, source, type, unit, declared, min(first) as first
from coverage join batches on id = batch group by 1, 2, 3, 4, 5
"""  # noqa: S608  (written here)

OF_CELLS_SINCE = _query(_OF_CELLS.format(batch="seq, ", joined="join batches on id = batch and at > $7"), 4, 7)

CAME = "select seq, at from batches where seq = any($1::bigint[]) order by seq"

CAUSES = """
select seq, type, c.events, first, cells, measures from causes c join batches b on b.id = batch
where seq = any($1::bigint[])
"""

FOR_QUESTIONS = """
set local plan_cache_mode = force_custom_plan; set local jit = off; set local statement_timeout = '60s'
"""
"""Ten cells and ten thousand need plans of their own; compiling takes longer than most answers. Nobody waits longer."""

EVERYTHING = _query(
    "select cell, measure, greatest(day, $1) as day, {delta} as delta from facts"
    " where ($2::int[] is null or cell = any($2)) and {condition}",
    3,
    2,
)

ALL_BUT = _query(
    "select cell, measure, greatest(day, $3) as day, {delta} as delta from facts"
    " where measure = any($1) and not (batch = any($2::bigint[]))"
    " and ($4::int[] is null or cell = any($4) or measure = any($5::smallint[])) and {condition}",
    3,
    5,
)

SOME_OF = "select cell, measure, day, delta from facts where measure = any($1) and batch = any($2::bigint[])"

SNAPSHOT = "select pg_current_snapshot()::text, coalesce((select rules from rules), 0)"

REVISION = "select coalesce(max(seq), 0) from batches where $1::timestamptz is null or at <= $1"

COMMITTED_SINCE = """
select id, events, tree, seq from batches
where tx >= pg_snapshot_xmin($1::text::pg_snapshot)
    and (id = 0 or not pg_visible_in_snapshot(tx, $1::text::pg_snapshot))
"""
"""Batches of the transactions that a snapshot did not see: commits out of order of their numbers are not missed. What
was merged, under the number 0, comes with them unless all of it was surely seen."""

FACTS_OF = "select cell, measure, greatest(day, $2) as day, delta from facts where batch = any($1::bigint[])"
