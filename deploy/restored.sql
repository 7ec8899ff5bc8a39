-- Run once after the database was put back from a dump; `stadga restore` runs it (docs/operations.md).

-- Transactions are numbered by the server. Those of the dump may be numbers that this server has yet to give out, and
-- would look like the future: they get small ones, which are all in the past, in the order in which they were. Between
-- two numbers that snapshots speak of, order is nobody's matter.
create temporary table edges as
select edge, row_number() over (order by edge) as place from (
    select pg_snapshot_xmin(snapshot::pg_snapshot)::text::numeric as edge from
        (select snapshot from metrics.told union all select snapshot from metrics.told_until) spoken
    union select pg_snapshot_xmax(snapshot::pg_snapshot)::text::numeric from
        (select snapshot from metrics.told union all select snapshot from metrics.told_until) spoken
    union select pg_snapshot_xip(snapshot::pg_snapshot)::text::numeric from
        (select snapshot from metrics.told union all select snapshot from metrics.told_until) spoken) spoken_of;

create function pg_temp.past(tx text) returns text language sql as $$
    select (2 * count(*) filter (where edge < tx::numeric) + count(*) filter (where edge = tx::numeric) + 1)::text from edges
$$;

create function pg_temp.past_snapshot(old text) returns text language sql as $$
    select pg_temp.past(split_part(old, ':', 1)) || ':' || pg_temp.past(split_part(old, ':', 2)) || ':' || coalesce(
        (select string_agg(pg_temp.past(tx), ',' order by tx::numeric)
         from unnest(string_to_array(split_part(old, ':', 3), ',')) tx where tx <> ''), '')
$$;

do $$ begin
    if (select 2 * count(*) + 2 from edges) >= pg_snapshot_xmin(pg_current_snapshot())::text::numeric then
        raise exception 'this server has given out too few numbers of transactions: run this again after some more';
    end if;
end $$;

update metrics.batches set tx = pg_temp.past(tx::text)::xid8;
update metrics.cells set tx = pg_temp.past(tx::text)::xid8;
update metrics.periods set closed = pg_temp.past(closed::text)::xid8 where closed is not null;
update metrics.told set snapshot = pg_temp.past_snapshot(snapshot);
update metrics.told_until set snapshot = pg_temp.past_snapshot(snapshot);

-- Answers state the newest batch as their revision. Those given after the dump was made stated numbers that would now be
-- given out again.
select setval(pg_get_serial_sequence('metrics.batches', 'id'), coalesce(max(id), 0) + 1000000) from metrics.batches;

-- What the leading service had in memory is of the other server's transactions: it begins with all facts.
truncate metrics.book_copy, metrics.book_told, metrics.book_parts;
