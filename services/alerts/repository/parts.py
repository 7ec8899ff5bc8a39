"""Values of parts of groups, which are asked for: kept by day, as those that are published, and when each was asked."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import asyncpg
import msgspec

from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.alert.parts import Asking, LastAsked, Told
from services.alerts.domain.plan.plan import EVERYONE
from services.alerts.repository import kept_days
from services.alerts.repository.kept_days import NONE, KeptSeries, Stored
from shared.contracts.metrics import MetricValue

_ASKED = "select unit, occupation, by, metric, as_of, on_day, moves, seen from parts_asked"
_LOAD = """
select unit, occupation, metric, gender, age, as_of, value::text
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
    as wanted (unit, occupation, metric, gender, age)
join part_values using (unit, occupation, metric, gender, age)
"""
_SAVE = """
insert into part_values as held (unit, occupation, metric, gender, age, as_of, value)
select unit, occupation, metric, gender, age, as_of, value::jsonb
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[])
    as given (unit, occupation, metric, gender, age, as_of, value)
on conflict (unit, occupation, metric, gender, age, as_of) do update set value = excluded.value
where held.value <> excluded.value
returning unit, occupation, metric, gender, age
"""
_DROP = """
delete from part_values held
using unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[])
    as gone (unit, occupation, metric, gender, age, as_of)
where (held.unit, held.occupation, held.metric, held.gender, held.age, held.as_of)
    = (gone.unit, gone.occupation, gone.metric, gone.gender, gone.age, gone.as_of)
returning held.unit, held.occupation, held.metric, held.gender, held.age
"""
_EXPECT = """
insert into parts_asked (unit, occupation, by, metric, as_of)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[]) on conflict do nothing
"""
_NOTE = """
update parts_asked held set on_day = $7, seen = given.seen
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[], $6::int[])
    as given (unit, occupation, by, metric, as_of, seen)
where (held.unit, held.occupation, held.by, held.metric, held.as_of)
    = (given.unit, given.occupation, given.by, given.metric, given.as_of)
"""
_MOVED = """
update parts_asked held set moves = moves + 1 from unnest($1::text[], $2::date[]) as changed (metric, as_of)
where (held.metric, held.as_of) = (changed.metric, changed.as_of)
"""
_KEPT = "select distinct unit, occupation, metric, gender, age from part_values where unit = any($1::text[])"
_FORGET = """
delete from part_values held
using unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
    as gone (unit, occupation, metric, gender, age)
where (held.unit, held.occupation, held.metric, held.gender, held.age)
    = (gone.unit, gone.occupation, gone.metric, gone.gender, gone.age)
"""
_FORGET_ASKED = """
delete from parts_asked held
using unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::date[]) as gone (unit, occupation, by, metric, as_of)
where (held.unit, held.occupation, held.by, held.metric, held.as_of)
    = (gone.unit, gone.occupation, gone.by, gone.metric, gone.as_of)
"""


async def asked(connection: asyncpg.Connection) -> dict[Asking, LastAsked]:
    """Every question that is or was to be asked, and when it was answered."""
    return {Asking(*row[:5]): LastAsked(*row[5:]) for row in map(tuple, await connection.fetch(_ASKED))}


async def load(connection: asyncpg.Connection, wanted: Collection[SeriesKey]) -> dict[SeriesKey, KeptSeries]:
    """The values kept of each series that has any."""
    found: dict[SeriesKey, list[Stored]] = defaultdict(list)
    if wanted:
        for *key, as_of, value in await connection.fetch(_LOAD, *_columns(sorted(wanted))):
            found[SeriesKey(*key)].append(_stored(as_of, msgspec.json.decode(value, type=MetricValue)))
    return {key: KeptSeries(msgspec.json.encode(days).decode()) for key, days in found.items()}


async def values(connection: asyncpg.Connection, of: SeriesKey) -> Sequence[Stored]:
    """All kept values of one series, of everyone or of a part."""
    found = await (kept_days.load if of.part == EVERYONE else load)(connection, [of])
    return found.get(of, NONE).read()


async def expect(connection: asyncpg.Connection, some: Collection[Asking]) -> None:
    """Note that these are about to be asked: from now on it is counted when their values move."""
    if some:
        await connection.execute(_EXPECT, *_columns(sorted(some)))


async def save(
    connection: asyncpg.Connection, told: Told, answered: Mapping[Asking, LastAsked], on: date
) -> set[SeriesKey]:
    """Keep what was told on a day, and which questions that answers, as they stood; the series that changed."""
    rows = [(*key, as_of, msgspec.json.encode(value).decode()) for (key, as_of), value in told.items() if value]
    gone = [(*key, as_of) for (key, as_of), value in told.items() if not value]
    changed = await connection.fetch(_SAVE, *_columns(sorted(rows))) if rows else []
    changed += await connection.fetch(_DROP, *_columns(sorted(gone))) if gone else []
    if answered:
        notes = [(*asking, last.moves) for asking, last in sorted(answered.items())]
        await connection.execute(_NOTE, *_columns(notes), on)
    return {SeriesKey(*row) for row in map(tuple, changed)}


async def moved(connection: asyncpg.Connection, changed: Collection[tuple[str, date]]) -> None:
    """Published values of these metrics and days have changed: those of parts may have, too."""
    if changed:
        await connection.execute(_MOVED, *_columns(sorted(changed)))


async def kept(connection: asyncpg.Connection, units: Collection[str]) -> set[SeriesKey]:
    """The series of these units of which values are kept."""
    return {SeriesKey(*row) for row in map(tuple, await connection.fetch(_KEPT, list(units)))}


async def forget(connection: asyncpg.Connection, gone: Collection[SeriesKey]) -> None:
    """Forget the series that no target judges any more."""
    if gone:
        await connection.execute(_FORGET, *_columns(sorted(gone)))


async def forget_asked(connection: asyncpg.Connection, gone: Collection[Asking]) -> None:
    """Forget that these were asked: whoever asks them again asks anew."""
    if gone:
        await connection.execute(_FORGET_ASKED, *_columns(sorted(gone)))


async def forget_before(connection: asyncpg.Connection, day: date) -> None:
    """Forget the values of earlier days."""
    await connection.execute("delete from part_values where as_of < $1::date", day)


def _stored(as_of: date, of: MetricValue) -> Stored:
    numbers = (of.value, of.numerator, of.denominator, of.low, of.high)
    return Stored(as_of, 0, of.status, *numbers, of.until, of.known_from, of.complete_from, of.fresh_until)


def _columns(rows: Collection[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]
