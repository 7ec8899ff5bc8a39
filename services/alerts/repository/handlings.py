"""What was done about alerts: rows that are added and never changed, each also a step for ``workforce.alerts``."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import asyncpg
import msgspec

from services.alerts.domain.alert.judged import Judgement
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.handling.handling import Handling
from shared.contracts.alerts import HANDLED, AlertHandled

_COLUMNS = "key, kind, episode, by, at, day, until, note, told"
_LOAD = f"""
select h.plan, h.target, h.unit, {_COLUMNS}
from unnest($1::text[], $2::text[], $3::text[]) as asked (plan, target, unit)
join handlings h using (plan, target, unit) order by seq
"""  # noqa: S608  (written here)
_OF_PLAN = f"""
select plan, target, unit, {_COLUMNS} from handlings
where ($1::text is null or plan = $1) and ($2::text[] is null or unit = any($2)) and (
    kind in ('commented', 'snoozed', 'awakened', 'snooze_ended')
    or (kind <> 'reminded' and episode in (select id from episodes where ended is null))) order by seq
"""  # noqa: S608  (written here)
_FIND = f"select plan, target, unit, {_COLUMNS} from handlings where key = $1"  # noqa: S608  (written here)
_SAVE = """
insert into handlings (plan, target, unit, key, kind, episode, by, at, day, until, note, told)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (key) do nothing returning seq
"""
_ANNOUNCE = """
insert into transitions (id, plan, target, unit, decided, body, type) values ($1, $2, $3, $4, $5, $6::jsonb, $7)
on conflict (id) do nothing
"""
_FIRST_TOLD = """
select episode, min(occasion ->> 'today')::date from outbox
where episode = any($1::text[]) and reason = 'hold_met' and state <> 'settling' group by episode
"""
_MARK = """
insert into due (plan, target, unit, bulk, marked)
select plan, target, unit, false, $2::timestamptz from episodes where kind = 'breach' and ended is null
union select plan, target, unit, false, $2 from snoozes where until <= $1
on conflict do nothing
"""
_STANDS = """
select (select id from episodes e where (e.plan, e.target, e.unit) = (s.plan, s.target, s.unit)
    and kind = 'breach' and ended is null order by began desc limit 1)
from standings s where watched and (plan, target, unit) = ($1, $2, $3) for update of s
"""


async def load(connection: asyncpg.Connection, alerts: Collection[Alert]) -> Mapping[Alert, Sequence[Handling]]:
    """What was done about each of these alerts, the earliest first."""
    if not alerts:
        return {}
    keys = zip(*((one.plan, one.target, one.unit) for one in alerts), strict=True)
    return _by_alert(await connection.fetch(_LOAD, *map(list, keys)))


async def matching(
    connection: asyncpg.Connection, plan: str | None, units: list[str] | None
) -> Mapping[Alert, Sequence[Handling]]:
    """Of every alert of a plan or of some units, what how it is handled now depends on; None leaves a filter out."""
    return _by_alert(await connection.fetch(_OF_PLAN, plan, units))


def _by_alert(rows: Collection[asyncpg.Record]) -> Mapping[Alert, Sequence[Handling]]:
    found: dict[Alert, list[Handling]] = defaultdict(list)
    for row in rows:
        found[Alert(*row[:3])].append(_handling(row))
    return found


def _handling(row: asyncpg.Record) -> Handling:
    _, _, _, key, kind, episode, by, at, day, until, note, told = row
    return Handling(key=key, kind=kind, episode=episode, by=by, at=at, day=day, until=until, note=note, to=tuple(told))


async def find(connection: asyncpg.Connection, key: str) -> tuple[Alert, Handling] | None:
    """The row of a key, and the alert it is about."""
    row = await connection.fetchrow(_FIND, key)
    return (Alert(*row[:3]), _handling(row)) if row else None


async def save(connection: asyncpg.Connection, alert: Alert, one: Handling) -> bool:
    """Add a row and the step that tells of it; False where its key is taken."""
    name = alert.plan, alert.target, alert.unit
    row = (*name, one.key, one.kind, one.episode, one.by, one.at, one.day, one.until, one.note, list(one.to))
    if await connection.fetchval(_SAVE, *row) is None:
        return False
    body = msgspec.json.encode(_event(alert, one)).decode()
    await connection.execute(_ANNOUNCE, _id(one), *name, one.at, body, HANDLED)
    return True


def _id(one: Handling) -> str:
    """What consumers drop repeats by."""
    return f"ha_{hashlib.sha256(one.key.encode()).hexdigest()[:20]}"


def _event(alert: Alert, one: Handling) -> AlertHandled:
    said = {name: getattr(one, name) for name in one.__struct_fields__ if name != "key"}
    return AlertHandled(plan=alert.plan, target=alert.target, unit=alert.unit, **said)


async def save_all(connection: asyncpg.Connection, outcomes: Collection[Judgement]) -> None:
    """What the service did about alerts that go on."""
    for outcome in outcomes:
        for one in outcome.handlings:
            await save(connection, outcome.alert, one)


async def first_told(connection: asyncpg.Connection, episodes: Collection[str]) -> Mapping[str, date]:
    """By episode: the day on which somebody was first told that it fires; those of which nobody was are missing."""
    return dict(await connection.fetch(_FIRST_TOLD, list(episodes))) if episodes else {}


async def mark(connection: asyncpg.Connection, day: date, now: datetime) -> None:
    """A new day has come: every alert that goes on, and every one whose snooze is over, is due to be judged."""
    await connection.execute(_MARK, day, now)


class Stands(NamedTuple):
    """An alert that a running plan asks for, and the episode that goes on, if any."""

    episode: str | None


async def stands(connection: asyncpg.Connection, alert: Alert) -> Stands | None:
    """The alert, which nobody else acts on before this transaction ends; None if no plan asks for it."""
    row = await connection.fetchrow(_STANDS, alert.plan, alert.target, alert.unit)
    return Stands(row[0]) if row else None
