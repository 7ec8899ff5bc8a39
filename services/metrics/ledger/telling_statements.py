"""The statements about terms, publications, and what was told by month and stays told."""

NEW_TERM = """
insert into publications as p (shard, shards, term, number, one)
values ($1, $2, 1, (extract(epoch from clock_timestamp()) * 1000)::bigint, case when $2 = 1 then true end)
on conflict (shard) do update set term = p.term + 1 where p.shards = excluded.shards returning term
"""
"""None where the units are dealt to another number of shards. A release that knows no shards begins its terms by
``one``: where there are several shards it finds no such row, and may not lead.
"""

DEALT = "select max(shards) from publications"

DEAL = """
with gone as (delete from publications returning *), units as (select distinct unnest(held) as unit from gone)
select coalesce(max(term), 0) + 1 as term, coalesce(max(number), 0) as number, coalesce(min(seq), 0) as seq,
    array(select unit from units) as held
from gone
"""

DEALT_TO = """
insert into publications (shard, shards, term, number, seq, held, one)
select shard, $1, $2, $3, $4, $5, case when $1 = 1 then true end from generate_series(0, $1 - 1) shard
"""
"""Terms and numbers go on growing: whoever led by other shards leads no more, and what they sent is out of date."""

NEXT_PUBLICATION = """
update publications set number = greatest(number + 1, (extract(epoch from clock_timestamp()) * 1000)::bigint)
where shard = $1 and term = $2 returning number
"""
"""Never behind the clock (in milliseconds): numbers go on growing when the table was lost, or put back from a copy."""

PUBLISHED = """
update publications set seq = $3, held = $4, telling = coalesce($5, (select number from told), 0)
where shard = $1 and term = $2
"""

EVERYWHERE = "select min(seq) >= $1 and min(telling) >= coalesce((select number from told), 0) from publications"

HELD = "select array(select distinct unnest(held) from publications)"

PUBLISHED_TO = "select coalesce(min(seq), 0) from publications"

TOLD = "select snapshot, number from told"

TELLINGS = "select number from told"

TELL = """
insert into told as t (snapshot, number)
select $1, 1 where exists (select from publications where shard = 0 and term = $2)
on conflict (one) do update set snapshot = excluded.snapshot, number = t.number + 1 returning number
"""
"""In the term of a later leader of the first shard nothing is told."""

TELL_UNTIL = "insert into told_until (until, snapshot) values ($1, $2) on conflict do nothing"

TREE_CHANGED = """exists (
    select from batches where tree and tx >= pg_snapshot_xmin(snapshot::pg_snapshot)
        and not pg_visible_in_snapshot(tx, snapshot::pg_snapshot))"""

TOLD_UNTIL = f"select until, snapshot, {TREE_CHANGED} as changed from told_until order by until"  # noqa: S608  (written here)
"""Up to which day was first told as of which state of the ledger, and whether the unit tree has changed since."""

TOLD_IN_ANOTHER_TREE = f"select snapshot from told where {TREE_CHANGED}"  # noqa: S608  (written here)

LAST_TOLD = "select max(until) from told_until"

UNITS_TOLD = """
select distinct on (ref) ref, definitions from units join batches on id = batch
where pg_visible_in_snapshot(tx, $1::text::pg_snapshot) order by ref, batch desc
"""

UNITS_STAFFED = "select distinct unit from cells where pg_visible_in_snapshot(tx, $1::text::pg_snapshot)"

KEEP = """
insert into told_groups (kind, month, unit, occupation, gender, age, sums) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (kind, month, unit, occupation, gender, age) do update set sums = excluded.sums
"""

KEPT = """
select kind, month, unit, occupation, gender, age, sums from told_groups where $1::date[] is null or month = any($1)
"""
