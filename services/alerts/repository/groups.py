"""The groups and units that ``workforce.metrics`` has told of, each as its values of today tell it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

import asyncpg

from services.alerts.domain.plan.plan import Unit
from shared.contracts.metrics import ALL, GroupComputed

_UPSERT_GROUPS = """
insert into groups as held (unit, occupation, window_days, today, revision)
select * from unnest($1::text[], $2::text[], $3::int[], $4::date[], $5::bigint[])
on conflict (unit, occupation) do update set window_days = excluded.window_days, today = excluded.today,
    revision = excluded.revision
where (excluded.today, excluded.revision) > (held.today, held.revision) or held.revision > $6
"""
_UPSERT_UNITS = """
insert into units as held (unit, name, path, today, revision, whole, closed, round)
select unit, name, string_to_array(path, chr(31)), today, revision, whole, closed, $8
from unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::bigint[], $6::bool[], $7::bool[])
    as given (unit, name, path, today, revision, whole, closed)
on conflict (unit) do update set name = excluded.name, path = excluded.path, closed = excluded.closed,
    today = excluded.today, revision = excluded.revision, whole = excluded.whole,
    round = case when (held.name, held.path, held.closed) = (excluded.name, excluded.path, excluded.closed)
        then held.round else excluded.round end
where (excluded.today, excluded.revision, excluded.whole) >= (held.today, held.revision, held.whole)
    or held.revision > $9
returning unit, name, path, closed, round
"""
_UNITS = "select unit, name, path, closed from units where round > $1"
_WINDOWS = """
select unit, occupation, window_days from groups
join unnest($1::text[], $2::text[]) as asked (unit, occupation) using (unit, occupation)
"""
SEPARATOR = "\x1f"
"""Between the units of a path on its way to an array: PostgreSQL has no arrays of arrays of different lengths."""


async def save(connection: asyncpg.Connection, told: Iterable[GroupComputed], number: int, latest: int) -> list[Unit]:
    """Keep the latest name and place of each group's unit; the units that are new, renamed or moved.

    Those are told by the values of today. They come after the values of a group's other days, so a unit is first
    judged when its whole story is there. ``number`` is that of the round; what claims to
    be after publication ``latest`` gives way.
    """
    present: dict[tuple[str, str], GroupComputed] = {}
    for group in sorted(told, key=lambda one: (one.today, one.revision)):
        if group.as_of == group.today:
            present[group.unit, group.occupation] = group
    if not present:
        return []
    given = [(g.unit, g.occupation, g.window_days, g.today, g.revision) for _, g in sorted(present.items())]
    await connection.execute(_UPSERT_GROUPS, *map(list, zip(*given, strict=True)), latest)
    units: dict[str, GroupComputed] = {}
    for one in sorted(present.values(), key=lambda g: (g.today, g.revision, g.occupation == ALL)):
        units[one.unit] = one
    rows = [
        (u.unit, u.unit_name, SEPARATOR.join(u.unit_path), u.today, u.revision, u.occupation == ALL, u.closed)
        for _, u in sorted(units.items())
    ]
    found = await connection.fetch(_UPSERT_UNITS, *map(list, zip(*rows, strict=True)), number, latest)
    return [_unit(row) for row in found if row["round"] == number]


async def units(connection: asyncpg.Connection, after: int) -> list[Unit]:
    """The units that are new, renamed, moved or closed since the round of that number."""
    return [_unit(row) for row in await connection.fetch(_UNITS, after)]


async def names(connection: asyncpg.Connection) -> set[str]:
    """Every unit told of."""
    return {row[0] for row in await connection.fetch("select unit from units")}


async def among(connection: asyncpg.Connection, names: Collection[str]) -> set[str]:
    """Which of these units were told of."""
    return {
        row[0] for row in await connection.fetch("select unit from units where unit = any($1::text[])", list(names))
    }


async def path(connection: asyncpg.Connection, unit: str) -> tuple[str, ...]:
    """The unit and its ancestors; itself alone, if nobody has told of it."""
    found = await connection.fetchval("select path from units where unit = $1", unit)
    return tuple(found or (unit,))


async def below(connection: asyncpg.Connection, tops: Collection[str]) -> list[str]:
    """The units of some subtrees, by the units at their tops."""
    found = await connection.fetch("select unit from units where path && $1::text[] order by unit", list(tops))
    return sorted({row[0] for row in found} | set(tops))


def _unit(row: asyncpg.Record) -> Unit:
    return Unit(row["unit"], row["name"], tuple(row["path"]), row["closed"])


async def windows(connection: asyncpg.Connection, groups: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
    """Days of the window of each group's values, by unit and occupation."""
    keys = [list(column) for column in zip(*sorted(groups), strict=True)] if groups else [[], []]
    found = await connection.fetch(_WINDOWS, *keys)
    return {(row["unit"], row["occupation"]): row["window_days"] for row in found}


async def today(connection: asyncpg.Connection) -> date | None:
    """The latest day that was told of; None before anything was."""
    found: date | None = await connection.fetchval("select max(today) from groups")
    return found
