"""How many alerts of a unit each plan watches and how many are open: counted as alerts are judged, never looked up."""

from collections.abc import Collection

import asyncpg

from services.alerts.domain.alert.judged import Judgement

_COUNT = """
insert into watched_units as held (plan, unit, alerts, open)
select plan, unit, sum(given.watched::int - coalesce(was.watched, false)::int),
    sum((given.watched and given.state in ('firing', 'recovering'))::int
        - coalesce(was.watched and was.state in ('firing', 'recovering'), false)::int)
from unnest($1::text[], $2::text[], $3::text[], $4::bool[], $5::text[]) as given (plan, target, unit, watched, state)
left join standings was using (plan, target, unit) group by plan, unit
having bool_or((given.watched, given.state) is distinct from (was.watched, was.state))
on conflict (plan, unit) do update set alerts = held.alerts + excluded.alerts, open = held.open + excluded.open
"""
_TOTALS = """
select coalesce(sum(open), 0), count(*) filter (where open > 0), count(*) from (
    select sum(open) as open from alerts.watched_units where alerts > 0 and plan = any($1::text[]) group by unit) units
"""


async def count(connection: asyncpg.Connection, outcomes: Collection[Judgement]) -> None:
    """Count what becomes of these alerts, before their standings are saved; no two rounds do at once."""
    rows = [(*_name(one), one.watched, one.standing.state) for one in outcomes]
    if rows:
        await connection.execute(_COUNT, *map(list, zip(*rows, strict=True)))


def _name(one: Judgement) -> tuple[str, str, str]:
    return one.alert.plan, one.alert.target, one.alert.unit


async def totals(connection: asyncpg.Connection, plans: Collection[str]) -> tuple[int, int, int]:
    """Of some plans: the alerts that are open, the units that have any, and the units that are watched."""
    found = await connection.fetchrow(_TOTALS, list(plans))
    return int(found[0]), int(found[1]), int(found[2])
