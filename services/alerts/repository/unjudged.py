"""The alerts that could not be judged, and why."""

from collections.abc import Collection, Mapping
from datetime import datetime

import asyncpg
import msgspec

from services.alerts.domain.alert.standing import Alert

_SAVE = """
insert into unjudged as told (plan, target, unit, error, since)
select plan, target, unit, error, $5
from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as given (plan, target, unit, error)
on conflict (plan, target, unit) do update set error = excluded.error, since = excluded.since
where told.error <> excluded.error
returning plan, target, unit
"""
_CLEAR = """
delete from unjudged using unnest($1::text[], $2::text[], $3::text[]) as given (plan, target, unit)
where (unjudged.plan, unjudged.target, unjudged.unit) = (given.plan, given.target, given.unit)
"""


class Unjudged(msgspec.Struct, frozen=True):
    """An alert that stands where it last stood, why, and since when."""

    plan: str
    target: str
    unit: str
    error: str
    since: datetime


async def save(connection: asyncpg.Connection, faults: Mapping[Alert, str], now: datetime) -> set[Alert]:
    """Store what is wrong with each; returns the alerts whose fault is new."""
    if not faults:
        return set()
    rows = [(alert.plan, alert.target, alert.unit, error) for alert, error in sorted(faults.items())]
    return {Alert(*row) for row in await connection.fetch(_SAVE, *map(list, zip(*rows, strict=True)), now)}


async def clear(connection: asyncpg.Connection, judged: Collection[Alert]) -> None:
    """They were judged, or nobody asks for them."""
    if judged:
        columns = zip(*((one.plan, one.target, one.unit) for one in sorted(judged)), strict=True)
        await connection.execute(_CLEAR, *map(list, columns))


async def count(connection: asyncpg.Connection) -> int:
    """How many there are."""
    found: int = await connection.fetchval("select count(*) from unjudged")
    return found


async def load(connection: asyncpg.Connection, plan: str | None, units: list[str] | None, most: int) -> list[Unjudged]:
    """The first of them, by name; None leaves a filter out."""
    query = """
        select plan, target, unit, error, since from unjudged
        where ($1::text is null or plan = $1) and ($2::text[] is null or unit = any($2))
        order by plan, target, unit limit $3
    """
    return [Unjudged(*row) for row in await connection.fetch(query, plan, units, most)]
