"""The statements about deliveries: what has arrived of them, and how they ended."""

ARRIVAL_COLUMNS = ("key", "source", "delivery", "count", "arrived", "events", "units")

BEGUN = """
select a.key, min(a.source) as source, min(a.delivery) as id, max(a.count) as count, sum(a.arrived)::bigint as arrived,
    count(*) as portions, min(a.at) as since, extract(epoch from now() - min(a.at))::float8 as seconds, d.whole
from arrivals a left join deliveries d using (key) group by a.key, d.whole order by min(a.at), a.key
"""
"""What is noted of deliveries; an event that came in several batches is counted in each. ``whole`` is null of one that
has not ended."""

TOUCHED = """
select key, array_agg(distinct unit) as units from arrivals cross join unnest(units) unit
where key = any($1::bigint[]) group by key
"""

ARRIVED = "select count(distinct event) from arrivals cross join unnest(events) event where key = $1"

END = """
insert into deliveries as d (key, whole) values ($1, $2)
on conflict (key) do update set whole = true, ended = now() where excluded.whole and not d.whole
"""
"""One that was given up may become whole, never the other way round."""

FORGET_ARRIVALS = "delete from arrivals where key = $1"

MERGE = """
with gone as (delete from arrivals where key = $1 returning *)
insert into arrivals (key, source, delivery, count, at, arrived, events, units)
select key, source, delivery, said, since, cardinality(events), events, units from (
    select key, min(source) as source, min(delivery) as delivery, max(count) as said, min(at) as since,
        array(select distinct event from gone cross join unnest(gone.events) event) as events,
        array(select distinct unit from gone cross join unnest(gone.units) unit) as units
    from gone group by key) one
"""
"""What came in several batches as if it had come in one."""

FORGET_ENDED = """
with old as (delete from deliveries where ended < now() - interval '30 days' returning key)
delete from arrivals using old where arrivals.key = old.key
"""
