"""What the board's pages show of alerts, units, mails, plans and sources: read only, some rows at a time."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal, NamedTuple

import asyncpg
import msgspec

from services.alerts.domain.alert.telling import View, ViewState
from services.alerts.domain.plan.plan import Plan, Unit
from services.alerts.repository.kept_days import Stored
from shared.contracts.sources import SourceReported

Order = Literal["state", "unit", "metric", "since"]

_STATE = """
case when view ->> 'state' in ('ok', 'not_judged') and view ->> 'expected' is not null then 'expected'
    else view ->> 'state' end
"""
_CHOSEN = f"""
chosen as materialized (
    select plan, target, unit, view ->> 'unit_name' as unit_name, view ->> 'metric' as metric,
        (view ->> 'since')::date as since, view ->> 'status' as status, {_STATE} as state
    from standings where watched and ($1::text is null or plan = $1) and ($2::text is null or view ->> 'metric' = $2)
        and ($3::text is null or position(lower($3) in lower(view ->> 'unit_name')) > 0)
        and ($4::text is null or exists (
            select from units where units.unit = standings.unit and units.path @> array[$4::text]))
        and ($5::text[] is null or exists (
            select from units where units.unit = standings.unit and units.path && $5::text[])))
"""  # noqa: S608 - put together of pieces written here
_WORST = "array_position(array['firing', 'recovering', 'pending', 'expected', 'not_judged', 'ok'], state)"
_ORDERS: dict[tuple[Order, bool], str] = {
    ("state", False): f"{_WORST}, since, unit_name, metric",
    ("state", True): f"{_WORST} desc, since, unit_name, metric",
    ("unit", False): "unit_name, metric",
    ("unit", True): "unit_name desc, metric",
    ("metric", False): f"metric, {_WORST}, unit_name",
    ("metric", True): f"metric desc, {_WORST}, unit_name",
    ("since", False): "since nulls last, unit_name, metric",
    ("since", True): "since desc nulls last, unit_name, metric",
}
_PAGE = f"""
with {_CHOSEN}, shown as (
    select * from chosen where $6::text is null or state = $6 order by {{order}}, plan, target, unit offset $7 limit $8)
select state, count(*), null from chosen group by state
union all (
    select null, null, view::text from (
        select shown.*, view from shown join standings using (plan, target, unit)) told
    order by {{order}}, plan, target, unit)
"""  # noqa: S608
_OF_UNIT = """
select view::text from standings where watched and unit = $1
order by array_position(array['firing', 'recovering', 'pending', 'not_judged', 'ok'], view ->> 'state'), plan, target
"""
_UNIT = "select unit, name, path, closed from units where unit = $1"
_UNDER = """
select unit, name, path, closed from units
where path[2] = $1 and unit <> $1 and not closed order by name, unit limit $2
"""
_FOUND = """
select unit, name, path, closed from units
where (position(lower($1) in lower(name)) > 0 or position(lower($1) in lower(unit)) > 0)
    and ($3::text[] is null or path && $3)
order by closed, name, unit limit $2
"""
_THESE = "select unit, name, path, closed from units where unit = any($1::text[]) order by name, unit"
_LATEST = """
select distinct on (o.unit) o.unit, as_of, horizon, status, value, numerator, denominator, low, high, until,
    known_from, complete_from, fresh_until
from unnest($1::text[]) as asked (unit) join observations o using (unit)
where o.occupation = $2 and o.metric = $3 and o.horizon = 0 order by o.unit, as_of desc
"""
_VERSIONS = "select version, parsed::text, loaded, withdrawn, source from plans where plan = $1 order by version desc"
_SOURCES = "select report::text from sources order by source"
_HIDDEN = f"""
with {_CHOSEN}
select metric, status, count(*) from chosen where coalesce(status, '') not in ('final', 'low_reliability')
group by metric, status order by metric, status
"""  # noqa: S608
_MAILS = "select state, count(*) from outbox group by state"
_PUT_ASIDE = "select topic, reason, count(*), max(received) from dead_letters group by topic, reason order by 1, 2"


class Filter(NamedTuple):
    """Which promises: of a plan, about a metric, of units whose name holds a text, of a unit and all below it.

    ``own`` are the units that are not left out, each with all below it; None: none is.
    """

    plan: str | None = None
    metric: str | None = None
    text: str | None = None
    below: str | None = None
    own: list[str] | None = None


class PlanVersion(NamedTuple):
    """A version of a plan; ``plan`` is None where this release cannot read it."""

    version: int
    plan: Plan | None
    loaded: datetime
    withdrawn: datetime | None
    source: str


class PutAside(NamedTuple):
    """Messages of a topic that were put aside for one reason, and when the last of them was."""

    topic: str
    reason: str
    messages: int
    last: datetime


class PromisePage(NamedTuple):
    """Promises in their order, and how many there are in each state."""

    views: list[View]
    counts: dict[ViewState, int]


async def page(
    connection: asyncpg.Connection,
    asked: Filter,
    state: ViewState | None,
    order: tuple[Order, bool],
    first: int,
    most: int,
) -> PromisePage:
    """Promises from place ``first`` on, in an order (True: backwards), and the counts of all; looked through once."""
    rows = await connection.fetch(_PAGE.format(order=_ORDERS[order]), *asked, state, first, most)
    views = [found for row in rows if row[2] and (found := _read(row[2]))]
    return PromisePage(views, {row[0]: row[1] for row in rows if row[0]})


async def of_unit(connection: asyncpg.Connection, unit: str) -> list[View]:
    """Every promise about a unit, the worst first."""
    return _views(await connection.fetch(_OF_UNIT, unit))


async def unit(connection: asyncpg.Connection, name: str) -> Unit | None:
    """A unit that was told of."""
    row = await connection.fetchrow(_UNIT, name)
    return _unit(row) if row else None


async def under(connection: asyncpg.Connection, name: str, most: int) -> list[Unit]:
    """The open units right below one, by name."""
    return [_unit(row) for row in await connection.fetch(_UNDER, name, most)]


async def these(connection: asyncpg.Connection, names: Collection[str]) -> list[Unit]:
    """Those of them that were told of, by name."""
    return [_unit(row) for row in await connection.fetch(_THESE, list(names))]


async def named(connection: asyncpg.Connection, text: str, most: int, own: Collection[str] | None = None) -> list[Unit]:
    """Units whose name or reference holds a text; among ``own`` and what lies below them, or among all."""
    return [_unit(row) for row in await connection.fetch(_FOUND, text, most, own)]


async def latest(
    connection: asyncpg.Connection, units: Collection[str], occupation: str, metric: str
) -> dict[str, Stored]:
    """The latest value of a metric that was told of each unit."""
    return {row[0]: Stored(*row[1:]) for row in await connection.fetch(_LATEST, list(units), occupation, metric)}


async def versions(connection: asyncpg.Connection, plan: str) -> list[PlanVersion]:
    """Every version of a plan, the newest first."""
    return [
        PlanVersion(number, _plan(text), loaded, withdrawn, source)
        for number, text, loaded, withdrawn, source in await connection.fetch(_VERSIONS, plan)
    ]


async def sources(connection: asyncpg.Connection) -> list[SourceReported]:
    """The last report of each source."""
    return [msgspec.json.decode(row[0], type=SourceReported) for row in await connection.fetch(_SOURCES)]


async def hidden(connection: asyncpg.Connection, asked: Filter) -> list[tuple[str, str, int]]:
    """How many promises have no number now: by metric and status."""
    return [tuple(row) for row in await connection.fetch(_HIDDEN, *asked)]


async def mails(connection: asyncpg.Connection) -> dict[str, int]:
    """How many notices there are in each state."""
    return dict(await connection.fetch(_MAILS))


async def put_aside(connection: asyncpg.Connection) -> list[PutAside]:
    """The messages that this service put aside, by topic and reason."""
    return [PutAside(*row) for row in await connection.fetch(_PUT_ASIDE)]


def _views(rows: Collection[asyncpg.Record]) -> list[View]:
    return [found for row in rows if (found := _read(row[0]))]


def _read(stored: str) -> View | None:
    try:
        return msgspec.json.decode(stored, type=View)
    except msgspec.DecodeError:  # the next judgement writes it anew
        return None


def _plan(stored: str) -> Plan | None:
    try:
        return msgspec.json.decode(stored, type=Plan)
    except msgspec.DecodeError:
        return None


def _unit(row: asyncpg.Record) -> Unit:
    return Unit(row["unit"], row["name"], tuple(row["path"]), row["closed"])
