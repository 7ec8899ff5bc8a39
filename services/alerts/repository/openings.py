"""The notices of opening summaries: one an alert, told of together once nothing of their plan is in motion."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

import asyncpg
import msgspec

from services.alerts.domain.alert.judged import Judgement
from services.alerts.domain.alert.opening import LONGEST, Opened, OpeningNotice
from services.alerts.domain.alert.standing import Alert

_LOAD = """
select o.plan, o.target, o.unit, notice::text, created, due, told
from unnest($1::text[], $2::text[], $3::text[]) as asked (plan, target, unit)
join openings o using (plan, target, unit)
"""
_SAVE = """
insert into openings (plan, target, unit, notice, created, due)
select plan, target, unit, notice::jsonb, created, due
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[])
    as given (plan, target, unit, notice, created, due)
on conflict (plan, target, unit) do update set notice = excluded.notice, created = excluded.created,
    due = excluded.due, told = null
where openings.told is null or openings.notice ->> 'watch_from' <> excluded.notice ->> 'watch_from'
"""
_DROP = """
delete from openings using unnest($1::text[], $2::text[], $3::text[]) as given (plan, target, unit)
where (openings.plan, openings.target, openings.unit) = (given.plan, given.target, given.unit) and told is null
"""
_RIPE = """
select plan from alerts.openings where told is null group by plan
having not exists (select from alerts.provisional where until > $1) and (min(created) <= $2
    or (max(due) <= $1 and not exists (select from alerts.due where due.plan = openings.plan)
        and not exists (select from alerts.marking where marking.plan = openings.plan)))
order by plan
"""
_WAITING = """
select notice::text from alerts.openings where plan = $1 and told is null order by target, unit for update
"""
_TELL = """
insert into alerts.outbox (id, episode, reason, recipient, address, language, occasion, created, due)
values ($1, $1, 'opening', $2, $3, $4, $5::jsonb, $6, $6)
"""
_TOLD = """
update alerts.openings o set told = $4 from unnest($2::text[], $3::text[]) as given (target, unit)
where (o.plan, o.target, o.unit) = ($1, given.target, given.unit)
"""


class KeptOpening(NamedTuple):
    """A notice as it is stored."""

    notice: str
    created: datetime
    due: datetime
    told: datetime | None

    def opened(self) -> Opened:
        """The notice; raises msgspec.DecodeError."""
        return Opened(msgspec.json.decode(self.notice, type=OpeningNotice), *self[1:])


async def load(connection: asyncpg.Connection, alerts: Collection[Alert]) -> Mapping[Alert, KeptOpening]:
    """The notice of each alert that has one."""
    keys = _columns([(one.plan, one.target, one.unit) for one in alerts], 3)
    return {Alert(*row[:3]): KeptOpening(*row[3:]) for row in map(tuple, await connection.fetch(_LOAD, *keys))}


async def save(connection: asyncpg.Connection, outcomes: Collection[Judgement]) -> None:
    """What became of the notices of these alerts."""
    steps = [((one.alert.plan, one.alert.target, one.alert.unit), one.opening) for one in outcomes if one.opening]
    if gone := [key for key, step in steps if step.opened is None]:
        await connection.execute(_DROP, *_columns(gone, 3))
    if told := [(*key, *_row(step.opened)) for key, step in steps if step.opened]:
        await connection.execute(_SAVE, *_columns(told, 6))


def _row(opened: Opened) -> tuple[str, datetime, datetime]:
    return msgspec.json.encode(opened.notice).decode(), opened.created, opened.due


def _columns(rows: Collection[tuple[object, ...]], width: int) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


async def ripe(connection: asyncpg.Connection, now: datetime) -> list[str]:
    """The plans whose opening summaries may go: every value still, no alert to be judged, nothing being taken in."""
    return [row[0] for row in await connection.fetch(_RIPE, now, now - LONGEST)]


async def waiting(connection: asyncpg.Connection, plan: str) -> list[OpeningNotice]:
    """The notices of a plan that nobody was told of; they are locked until the transaction ends."""
    rows = await connection.fetch(_WAITING, plan)
    return [msgspec.json.decode(row["notice"], type=OpeningNotice) for row in rows]


async def tell(
    connection: asyncpg.Connection, name: str, who: tuple[str, str, str], opening: str, now: datetime
) -> None:
    """Put the summary of that name in the outbox for a recipient, by name, address and language; it is JSON."""
    await connection.execute(_TELL, name, *who, opening, now)


async def told(connection: asyncpg.Connection, plan: str, notices: Collection[OpeningNotice], now: datetime) -> None:
    """Everybody's summary of a plan, with these notices, was put in the outbox."""
    await connection.execute(_TOLD, plan, *_columns([(one.target, one.unit) for one in notices], 2), now)
