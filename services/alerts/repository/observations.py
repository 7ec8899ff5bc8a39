"""The published values: upserted as sets, the greater revision holding, and read as the days of one alert."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

import asyncpg

from services.alerts.domain.observation import Observation
from services.alerts.domain.plan import Unit
from shared.contracts.catalogue import BY_NAME
from shared.contracts.metrics import ALL, GroupComputed, MetricValue


class Series(NamedTuple):
    """One metric of one group."""

    unit: str
    occupation: str
    metric: str


class Row(NamedTuple):
    """A row of ``observations``, in the order of its columns; rows sort by key, then by which one holds."""

    unit: str
    occupation: str
    metric: str
    as_of: date
    horizon: int
    revision: int
    today: date
    status: str
    value: float | None
    numerator: float | None
    denominator: float | None
    low: float | None
    high: float | None


_UPSERT = """
insert into observations as held (unit, occupation, metric, as_of, horizon, revision, today, status, value, numerator,
    denominator, low, high)
select * from unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::smallint[], $6::bigint[], $7::date[],
    $8::text[], $9::float[], $10::float[], $11::float[], $12::float[], $13::float[])
on conflict (unit, occupation, metric, as_of, horizon) do update set revision = excluded.revision,
    today = excluded.today, status = excluded.status, value = excluded.value, numerator = excluded.numerator,
    denominator = excluded.denominator, low = excluded.low, high = excluded.high
where (excluded.revision, excluded.today) > (held.revision, held.today)
returning unit, occupation, metric
"""
_UPSERT_GROUPS = """
insert into groups as held (unit, occupation, name, path, window_days, today, revision)
select unit, occupation, name, string_to_array(path, chr(31)), window_days, today, revision
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::date[], $7::bigint[])
    as given (unit, occupation, name, path, window_days, today, revision)
on conflict (unit, occupation) do update set name = excluded.name, path = excluded.path,
    window_days = excluded.window_days, today = excluded.today, revision = excluded.revision
where (excluded.today, excluded.revision) >= (held.today, held.revision)
"""
_UNITS = """
select distinct on (unit) unit, name, path from groups
order by unit, today desc, revision desc, (occupation = $1) desc
"""
_DAYS = """
select o.unit, o.occupation, o.metric, as_of, horizon, status, value, numerator, denominator, low, high
from unnest($1::text[], $2::text[], $3::text[]) as asked (unit, occupation, metric)
join observations o using (unit, occupation, metric)
"""
_PRUNE = """
delete from observations o using (
    select unit, occupation, metric, max(as_of - horizon) as latest from observations group by 1, 2, 3) series
where (o.unit, o.occupation, o.metric) = (series.unit, series.occupation, series.metric)
    and o.as_of - o.horizon < series.latest - $1::int
"""
SEPARATOR = "\x1f"
"""Between the units of a path on its way to an array: PostgreSQL has no arrays of arrays of different lengths."""


async def save(connection: asyncpg.Connection, rows: Iterable[Row]) -> set[Series]:
    """Keep each row unless one as new is kept already; the series that changed."""
    held = newest(rows)
    if not held:
        return set()
    found = await connection.fetch(_UPSERT, *(list(column) for column in zip(*held, strict=True)))
    return {Series(*row) for row in found}


def newest(rows: Iterable[Row]) -> list[Row]:
    """One row for each key, the one that holds, in the order of the keys: no two transactions lock crosswise."""
    held: dict[tuple[object, ...], Row] = {}
    for row in rows:
        key = row[:5]
        if key not in held or row[5:7] > held[key][5:7]:
            held[key] = row
    return sorted(held.values(), key=lambda row: row[:5])


def rows(group: GroupComputed, metrics: Collection[str], ahead: Collection[tuple[str, str, int]]) -> Iterable[Row]:
    """A message as rows: of ``metrics`` only; of the future only what is wanted (metric, occupation, days ahead)."""
    horizon = max(0, (group.as_of - group.today).days)
    for metric, value in group.metrics.items():
        if metric in metrics and (not horizon or (metric, group.occupation, horizon) in ahead):
            yield _row(group, metric, horizon, value)


def _row(group: GroupComputed, metric: str, horizon: int, value: MetricValue) -> Row:
    return Row(
        group.unit,
        group.occupation,
        metric,
        group.as_of,
        horizon,
        group.revision,
        group.today,
        value.status,
        value.value,
        value.numerator,
        value.denominator,
        value.low,
        value.high,
    )


async def save_groups(connection: asyncpg.Connection, groups: Iterable[GroupComputed]) -> None:
    """Keep the latest name and place of each group, as its values of today tell it.

    They come after the values of its other days, so a unit is first judged when its whole story is there.
    """
    latest: dict[tuple[str, str], GroupComputed] = {}
    for group in sorted(groups, key=lambda one: (one.today, one.revision)):
        if group.as_of == group.today:
            latest[group.unit, group.occupation] = group
    given = [
        (g.unit, g.occupation, g.unit_name, SEPARATOR.join(g.unit_path), g.window_days, g.today, g.revision)
        for _, g in sorted(latest.items())
    ]
    if given:
        await connection.execute(_UPSERT_GROUPS, *(list(column) for column in zip(*given, strict=True)))


async def units(connection: asyncpg.Connection) -> dict[str, Unit]:
    """Every unit that was ever told of."""
    found = await connection.fetch(_UNITS, ALL)
    return {row["unit"]: Unit(row["unit"], row["name"], tuple(row["path"])) for row in found}


async def windows(connection: asyncpg.Connection) -> Mapping[tuple[str, str], int]:
    """Days of the window of each group's values, by unit and occupation."""
    found = await connection.fetch("select unit, occupation, window_days from groups")
    return {(row["unit"], row["occupation"]): row["window_days"] for row in found}


async def today(connection: asyncpg.Connection) -> date | None:
    """The latest day that was told of; None before anything was."""
    found: date | None = await connection.fetchval("select max(today) from groups")
    return found


async def load(connection: asyncpg.Connection, asked: Collection[Series]) -> dict[Series, list[Observation]]:
    """All kept observations of each series."""
    columns = [list(column) for column in zip(*sorted(asked), strict=True)] if asked else [[], [], []]
    found: dict[Series, list[Observation]] = defaultdict(list)
    for unit, occupation, metric, as_of, horizon, status, *numbers in await connection.fetch(_DAYS, *columns):
        value, numerator, denominator, low, high = numbers
        measured = MetricValue(
            status=status,
            definition=BY_NAME[metric].definition,
            value=value,
            numerator=numerator,
            denominator=denominator,
            low=low,
            high=high,
        )
        found[Series(unit, occupation, metric)].append(Observation(as_of, horizon, measured))
    return found


async def prune(connection: asyncpg.Connection, days: int) -> None:
    """Forget what is more than ``days`` older than the latest of its series."""
    await connection.execute(_PRUNE, days)
