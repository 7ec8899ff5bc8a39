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
_BEGIN = """
insert into marking as held (plan, targets, after, marked) values ($1, $2, '', $3)
on conflict (plan) do update set targets = excluded.targets, after = '', marked = excluded.marked
"""
_NEXT = "select unit from units where unit > $1 order by unit limit $2"
_MARK_UNITS = """
insert into due (plan, target, unit, bulk, marked)
select $1::text, target, unit, true, $4::timestamptz from unnest($2::text[]) as target, unnest($3::text[]) as unit
union select plan, target, unit, true, $4 from standings where plan = $1 and watched and unit = any($3)
on conflict do nothing
"""
_COUNT = """
select (select count(*) from due) + (
    select coalesce(sum(cardinality(targets) * (select count(*) from units where unit > after)), 0)::bigint
    from marking)
"""
_MARK_UNJUDGED = """
insert into due (plan, target, unit, bulk, marked) select plan, target, unit, true, $1::timestamptz from unjudged
on conflict do nothing
"""
_TAKE = """
(select plan, target, unit, bulk from due where not bulk order by marked limit $1)
union all (select plan, target, unit, bulk from due where bulk order by marked limit $1)
"""
_WAITING = """
select exists (select from marking) or exists (select from (select plan from due order by bulk, marked limit 1) first)
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
    """A plan has changed: whatever it may ask for, and whatever it asked for before, is marked from now on."""
    await connection.execute(_BEGIN, plan, list(targets), now)


async def mark_some(connection: asyncpg.Connection, most: int) -> None:
    """Go on marking what a plan asks for: up to ``most`` alerts of the units that come next."""
    step = await connection.fetchrow("select plan, targets, after, marked from marking order by marked, plan limit 1")
    if step is None:
        return
    plan, targets, after, marked = step
    wanted = max(1, most // max(1, len(targets)))
    units = [row[0] for row in await connection.fetch(_NEXT, after, wanted)]
    await connection.execute(_MARK_UNITS, plan, targets, units, marked)
    if len(units) < wanted:
        await connection.execute("delete from marking where plan = $1", plan)
    else:
        await connection.execute("update marking set after = $2 where plan = $1", plan, units[-1])


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
        return bool(await connection.fetchval(_WAITING))


async def count(connection: asyncpg.Connection) -> int:
    """How many wait."""
    found: int = await connection.fetchval(_COUNT)
    return found
