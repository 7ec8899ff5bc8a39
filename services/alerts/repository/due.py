"""The alerts that are due to be judged: marked in the transaction that gives the reason, taken some at a time."""

from collections.abc import Collection
from datetime import datetime

import asyncpg

from services.alerts.domain.alert.standing import Alert
from services.alerts.repository import turns

_MARK = """
insert into due (plan, target, unit, bulk, marked)
select plan, target, unit, false, $4 from unnest($1::text[], $2::text[], $3::text[]) as given (plan, target, unit)
on conflict (plan, target, unit) do update set bulk = false where due.bulk
"""
_MARK_PLAN = """
insert into due (plan, target, unit, bulk, marked)
select $1::text, target, unit, true, $3::timestamptz from units, unnest($2::text[]) as target
union select plan, target, unit, true, $3 from standings where plan = $1 and watched
on conflict do nothing
"""
_MARK_UNJUDGED = """
insert into due (plan, target, unit, bulk, marked) select plan, target, unit, true, $1::timestamptz from unjudged
on conflict do nothing
"""
_TAKE = """
(select plan, target, unit, bulk from due where not bulk order by marked limit $1)
union all (select plan, target, unit, bulk from due where bulk order by marked limit $1)
"""
_DROP = """
delete from due using unnest($1::text[], $2::text[], $3::text[]) as given (plan, target, unit)
where (due.plan, due.target, due.unit) = (given.plan, given.target, given.unit)
"""


async def mark(connection: asyncpg.Connection, alerts: Collection[Alert], now: datetime) -> None:
    """Values, or the place of a unit, have changed."""
    if alerts:
        columns = zip(*((one.plan, one.target, one.unit) for one in sorted(alerts)), strict=True)
        await connection.execute(_MARK, *map(list, columns), now)


async def mark_plan(connection: asyncpg.Connection, plan: str, targets: Collection[str], now: datetime) -> None:
    """A plan has changed: whatever it may ask for, and whatever it asked for before."""
    await connection.execute(_MARK_PLAN, plan, list(targets), now)


async def mark_unjudged(connection: asyncpg.Connection, now: datetime) -> None:
    """The service has changed: what could not be judged may be judged by it."""
    await connection.execute(_MARK_UNJUDGED, now)


async def take(connection: asyncpg.Connection, most: int) -> list[Alert]:
    """Up to ``most``, those that wait longest; what plans have marked has the places left over, a fifth at least."""
    found = [(Alert(*row[:3]), row["bulk"]) for row in await connection.fetch(_TAKE, most)]
    marked = [alert for alert, bulk in found if bulk]
    first = [alert for alert, bulk in found if not bulk][: most - min(len(marked), most // 5)]
    return sorted(first + marked[: most - len(first)])


async def drop(connection: asyncpg.Connection, alerts: Collection[Alert]) -> None:
    """They are judged in this transaction."""
    if alerts:
        columns = zip(*((one.plan, one.target, one.unit) for one in alerts), strict=True)
        await connection.execute(_DROP, *map(list, columns))


async def waiting(connection: asyncpg.Connection) -> bool:
    """Whether any waits. What was deleted a moment ago is not read through."""
    async with connection.transaction():
        await turns.by_key(connection)
        return await connection.fetchval("select plan from due order by bulk, marked limit 1") is not None


async def count(connection: asyncpg.Connection) -> int:
    """How many wait."""
    found: int = await connection.fetchval("select count(*) from due")
    return found
