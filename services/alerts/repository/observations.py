"""The published values: upserted as sets, the greater revision holding, and cleared away once they are old."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

import asyncpg

from services.alerts.domain.alert.observation import SeriesKey
from shared.contracts.metrics import GroupComputed, MetricValue


class ObservationRow(NamedTuple):
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
    until: date | None
    known_from: date | None
    complete_from: date | None
    fresh_until: date | None


_UPSERT = """
insert into observations as held (unit, occupation, metric, as_of, horizon, revision, today, status, value, numerator,
    denominator, low, high, until, known_from, complete_from, fresh_until)
select * from unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::smallint[], $6::bigint[], $7::date[],
    $8::text[], $9::float[], $10::float[], $11::float[], $12::float[], $13::float[], $14::date[], $15::date[],
    $16::date[], $17::date[])
on conflict (unit, occupation, metric, as_of, horizon) do update set revision = excluded.revision,
    today = excluded.today, status = excluded.status, value = excluded.value, numerator = excluded.numerator,
    denominator = excluded.denominator, low = excluded.low, high = excluded.high, until = excluded.until,
    known_from = excluded.known_from, complete_from = excluded.complete_from,
    fresh_until = excluded.fresh_until
where (excluded.revision, excluded.today) >= (held.revision, held.today) or held.revision > $18
returning unit, occupation, metric, as_of, horizon
"""
_AGAIN = """
select * from (
    select held.unit, held.occupation, held.metric, held.as_of, held.horizon,
        (held.status, held.value, held.numerator, held.denominator, held.low, held.high, held.until, held.known_from,
            held.complete_from, held.fresh_until) is not distinct from
            (given.status, given.value, given.numerator, given.denominator, given.low, given.high, given.until,
            given.known_from, given.complete_from, given.fresh_until) as same,
        (held.revision, held.today) = (given.revision, given.today) as again
    from unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::smallint[], $6::bigint[], $7::date[],
            $8::text[], $9::float[], $10::float[], $11::float[], $12::float[], $13::float[], $14::date[], $15::date[],
            $16::date[], $17::date[])
        as given (unit, occupation, metric, as_of, horizon, revision, today, status, value, numerator, denominator, low,
            high, until, known_from, complete_from, fresh_until)
    join observations held using (unit, occupation, metric, as_of, horizon)) both_told
where same or again
"""


class Taken(NamedTuple):
    """The series that values changed; the values (and their day) that others of the same publication contradict; the
    metrics and days of values that changed.
    """

    changed: set[SeriesKey]
    clashes: list[tuple[object, ...]]
    days: frozenset[tuple[str, date]] = frozenset()


async def save(connection: asyncpg.Connection, rows: Iterable[ObservationRow], latest: int) -> Taken:
    """Keep each row unless a newer one is kept already; one that claims to be after publication ``latest`` gives way.

    Of two rows of one publication that differ, the one that came later is kept: they are in order on the topic.
    """
    held = newest(rows)
    if not held:
        return Taken(set(), [])
    columns = [list(column) for column in zip(*held, strict=True)]
    told: dict[tuple[object, ...], bool] = {
        tuple(row)[:5]: row["same"] for row in await connection.fetch(_AGAIN, *columns)
    }
    kept = await connection.fetch(_UPSERT, *columns, latest)
    changed = [row for row in map(tuple, kept) if not told.get(row)]
    clashes = [(*key[:3], str(key[3])) for key, same in told.items() if not same]
    return Taken({SeriesKey(*row[:3]) for row in changed}, clashes, frozenset((row[2], row[3]) for row in changed))


def newest(rows: Iterable[ObservationRow]) -> list[ObservationRow]:
    """One row for each key, the one that holds, in the order of the keys: no two transactions lock crosswise."""
    held: dict[tuple[object, ...], ObservationRow] = {}
    for row in rows:
        key = row[:5]
        if key not in held or row[5:7] >= held[key][5:7]:
            held[key] = row
    return sorted(held.values(), key=lambda row: row[:5])


def rows(
    group: GroupComputed, metrics: Collection[str], ahead: Collection[tuple[str, str, int]]
) -> Iterable[ObservationRow]:
    """A message as rows: of ``metrics`` only; of the future only what is wanted (metric, occupation, days ahead)."""
    horizon = max(0, (group.as_of - group.today).days)
    for metric, value in group.metrics.items():
        if metric in metrics and (not horizon or (metric, group.occupation, horizon) in ahead):
            yield _row(group, metric, horizon, value)


def _row(group: GroupComputed, metric: str, horizon: int, value: MetricValue) -> ObservationRow:
    return ObservationRow(
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
        value.until,
        value.known_from,
        value.complete_from,
        value.fresh_until,
    )


SeriesPlace = tuple[str, str]
"""A unit and an occupation: where a walk over the groups has come to."""

_GROUPS = "select unit, occupation from groups where (unit, occupation) > ($1, $2) order by unit, occupation limit $3"
_PRUNE = """
delete from observations o using (
    select asked.unit, asked.occupation, metric, max(as_of - horizon) as latest
    from unnest($1::text[], $2::text[]) as asked (unit, occupation)
    join observations o on (o.unit, o.occupation) = (asked.unit, asked.occupation) group by 1, 2, 3) series
where (o.unit, o.occupation, o.metric) = (series.unit, series.occupation, series.metric)
    and o.as_of - o.horizon < series.latest - $3::int
"""


async def prune(connection: asyncpg.Connection, after: SeriesPlace, groups: int, days: int) -> SeriesPlace | None:
    """Forget what is more than ``days`` older than the latest of its series, in the next groups; the last of them."""
    found = await connection.fetch(_GROUPS, *after, groups)
    if not found:
        return None
    await connection.execute(_PRUNE, [row[0] for row in found], [row[1] for row in found], days)
    return found[-1][0], found[-1][1]
