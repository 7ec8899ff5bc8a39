"""Values of single months, asked of the metrics service for the series that rules judge, and when they were asked."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import asyncpg
import msgspec

from services.alerts.domain.alert.months import Asked, Month
from services.alerts.domain.alert.observation import SeriesKey
from shared.contracts.metrics import MetricValue

_ASKED = """
select unit, occupation, metric, gender, age, first, last, on_day from alerts.months_asked where unit = any($1::text[])
"""
_LOAD = """
select unit, occupation, metric, gender, age, month, value::text
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
    as wanted (unit, occupation, metric, gender, age)
join alerts.months using (unit, occupation, metric, gender, age)
"""
_SAVE = """
insert into alerts.months as held (unit, occupation, metric, gender, age, month, value)
select unit, occupation, metric, gender, age, month, value::jsonb
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[])
    as given (unit, occupation, metric, gender, age, month, value)
order by unit, occupation, metric, gender, age, month
on conflict (unit, occupation, metric, gender, age, month) do update set value = excluded.value
where held.value <> excluded.value
returning unit, occupation, metric, gender, age
"""
_NOTE = """
insert into alerts.months_asked as held (unit, occupation, metric, gender, age, first, last, on_day)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::date[], $8::date[])
on conflict (unit, occupation, metric, gender, age) do update
    set first = least(held.first, excluded.first), last = excluded.last, on_day = excluded.on_day
"""
_GONE = """
delete from {table} held
using unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
    as gone (unit, occupation, metric, gender, age)
where (held.unit, held.occupation, held.metric, held.gender, held.age)
    = (gone.unit, gone.occupation, gone.metric, gone.gender, gone.age)
"""


async def asked(connection: asyncpg.Connection, units: Collection[str]) -> dict[SeriesKey, Asked]:
    """What was asked for last of each series of these units."""
    return {SeriesKey(*row[:5]): Asked(*row[5:]) for row in map(tuple, await connection.fetch(_ASKED, list(units)))}


async def load(connection: asyncpg.Connection, wanted: Collection[SeriesKey]) -> Mapping[SeriesKey, list[Month]]:
    """The months kept of each series."""
    found: dict[SeriesKey, list[Month]] = defaultdict(list)
    if wanted:
        for *key, last, value in await connection.fetch(_LOAD, *_columns(sorted(wanted))):
            found[SeriesKey(*key)].append(Month(last, msgspec.json.decode(value, type=MetricValue)))
    return found


async def save(
    connection: asyncpg.Connection, told: Mapping[SeriesKey, Sequence[Month]], first: Mapping[SeriesKey, date], on: date
) -> set[SeriesKey]:
    """Keep what was told on a day of each series, the months in order from ``first`` on; the series that changed."""
    if not told:
        return set()
    rows = [
        (*key, month.last, msgspec.json.encode(month.measured).decode())
        for key, months in sorted(told.items())
        for month in months
    ]
    changed = {SeriesKey(*row) for row in map(tuple, await connection.fetch(_SAVE, *_columns(rows)))}
    notes = [(*key, first[key], months[-1].last, on) for key, months in sorted(told.items())]
    await connection.execute(_NOTE, *_columns(notes))
    return changed


async def forget(connection: asyncpg.Connection, gone: Collection[SeriesKey]) -> None:
    """Forget the series that no rule judges any more."""
    for table in ("alerts.months", "alerts.months_asked") if gone else ():
        await connection.execute(_GONE.format(table=table), *_columns(sorted(gone)))


def _columns(rows: Sequence[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]
