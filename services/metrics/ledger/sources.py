"""What came of each source, by type and day: counted as events are taken in, and read to see who is late."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

import asyncpg

from services.metrics.domain.coverage.kinds import KIND_OF_TYPE, Kind
from services.metrics.domain.sources.recorded import SourceDay, kinds_of
from services.metrics.domain.sources.registry import Registry
from services.metrics.domain.sources.volume import WEEKS
from services.metrics.ledger.statements import ONE_COMMITS

ADD = """
insert into source_days (source, type, day, events)
select * from unnest($1::text[], $2::text[], $3::int[], $4::bigint[])
on conflict (source, type, day) do update set events = source_days.events + excluded.events
"""

CAME = """
select s, t, day, events from unnest($1::text[]) s cross join unnest($2::text[]) t
cross join lateral (
    (select day, events from source_days where source = s and type = t and day <= $4 order by day desc limit 1)
    union select day, events from source_days where source = s and type = t and day between $3 and $4) one
"""
"""Nothing recorded after tomorrow makes a source fresh."""

AHEAD = "select coalesce(sum(events), 0)::bigint from source_days where day > $1"

UNDEFINED = """
select distinct source, unit from coverage
where source = any($1::text[]) and unit not in ('', '*') and exists (select from units)
    and not exists (select from units where ref = unit)
order by source, unit
"""
"""Where no unit is defined at all, none is wrong."""

MOST_UNITS = 20

Came = Mapping[str, Mapping[Kind, Mapping[int, int]]]
"""By source, kind and day of recording: the last day with events until tomorrow, and the last eight weeks."""


async def add(connection: asyncpg.Connection, came: Mapping[SourceDay, int]) -> None:
    """Count what came; others wait for this transaction from here on, as batches are committed one at a time."""
    if came:
        await connection.execute(ONE_COMMITS)
        rows = [(*arrival, events) for arrival, events in came.items()]
        await connection.execute(ADD, *zip(*rows, strict=True))


async def came(connection: asyncpg.Connection | asyncpg.Pool, registry: Registry, today: date) -> Came:
    """What came of the registered sources."""
    found: defaultdict[str, defaultdict[Kind, defaultdict[int, int]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(int))
    )
    days = today.toordinal() - 7 * WEEKS - 1, today.toordinal() + 1
    for source, type_, day, events in await connection.fetch(CAME, list(registry), list(KIND_OF_TYPE), *days):
        for kind in kinds_of(type_):
            found[source][kind][day] += events
    return found


async def ahead(connection: asyncpg.Connection, today: date) -> int:
    """How many events say that they were recorded after tomorrow, of all sources."""
    found: int = await connection.fetchval(AHEAD, today.toordinal() + 1)
    return found


async def undefined(connection: asyncpg.Connection | asyncpg.Pool, registry: Registry) -> Mapping[str, list[str]]:
    """By source, the first of the units that its events name and nobody has defined."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for source, unit in await connection.fetch(UNDEFINED, list(registry)):
        if len(found[source]) < MOST_UNITS:
            found[source].append(unit)
    return found
