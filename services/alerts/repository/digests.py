"""Weekly summaries: how far each recipient's have come, who has ended them, and what they are made of."""

from collections.abc import Collection
from datetime import datetime

import asyncpg
import msgspec

from services.alerts.domain.alert.telling import View
from services.alerts.domain.plan.plan import Recipient
from services.alerts.domain.weekly.gathering import BEGINS, Stands, Watched
from services.alerts.domain.weekly.leave import Reader
from services.alerts.domain.weekly.slot import Kept
from services.alerts.domain.weekly.weekly import DIGEST, Weekly
from shared.contracts.alerts import CHANGED, AlertChanged

_LOAD = "select plan, recipient, rhythm, slot, told from digests"
_KEEP = """
insert into digests (plan, recipient, rhythm, slot, told) values ($1, $2, $3, $4, $5)
on conflict (plan, recipient) do update set rhythm = excluded.rhythm, slot = excluded.slot, told = excluded.told
"""
_DROP = """
delete from digests using unnest($1::text[], $2::text[]) as given (plan, recipient)
where (digests.plan, digests.recipient) = (given.plan, given.recipient)
"""
_ENDED = """
select plan, recipient, address from (
    select distinct on (plan, recipient, address) plan, recipient, address, wanted
    from digest_choices order by plan, recipient, address, seq desc) latest
where not wanted
"""
_CHOOSE = """
insert into digest_choices (plan, recipient, address, wanted, by, at)
select $1, $2, $3, $4, $5, $6 where $4 is distinct from coalesce((
    select wanted from digest_choices where (plan, recipient, address) = ($1, $2, $3) order by seq desc limit 1), true)
returning seq
"""
_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('stadga.alerts.digest_choices'))"
_WATCHED = """
select s.target, s.unit, coalesce(u.path, array[s.unit]), s.view ->> 'state' <> 'not_judged'
from standings s left join units u using (unit) where s.watched and s.plan = $1
"""
_OPEN = """
select s.view::text, coalesce(u.path, array[s.unit])
from standings s left join units u using (unit)
where s.watched and s.plan = $1
    and (s.view ->> 'state' in ('firing', 'recovering') or jsonb_typeof(s.view -> 'expected') = 'object')
"""
_STEPS = """
select t.decided, t.body::text, s.view::text, coalesce(u.path, array[t.unit]), s.watched
from transitions t join standings s using (plan, target, unit) left join units u using (unit)
where t.plan = $1 and t.decided > $2 and t.type = $3
    and (t.body ->> 'reason' = any($4::text[])
        or (t.body ->> 'old' in ('firing', 'recovering') and t.body ->> 'new' = 'ok'))
order by t.seq
"""
_MAIL = """
insert into outbox (id, episode, reason, recipient, address, language, occasion, created, due)
values ($1, $1, $2, $3, $4, $5, $6::jsonb, $7, $7) on conflict (id) do nothing
"""


async def load(connection: asyncpg.Connection) -> dict[tuple[str, str], Kept]:
    """How far summaries have come, by plan and recipient."""
    return {(row[0], row[1]): Kept(*row[2:]) for row in await connection.fetch(_LOAD)}


async def keep(connection: asyncpg.Connection, plan: str, recipient: str, kept: Kept) -> None:
    """So far they have come now."""
    await connection.execute(_KEEP, plan, recipient, *kept)


async def drop(connection: asyncpg.Connection, gone: Collection[tuple[str, str]]) -> None:
    """No plan asks for these any more, by plan and recipient: should one ask again, it begins anew."""
    if gone:
        await connection.execute(_DROP, *map(list, zip(*gone, strict=True)))


async def ended(connection: asyncpg.Connection) -> set[Reader]:
    """Those who want no summary."""
    return {Reader(*row) for row in await connection.fetch(_ENDED)}


async def choose(connection: asyncpg.Connection, reader: Reader, wanted: bool, by: str, now: datetime) -> bool:
    """Whether the reader wants summaries from now on; False, and no row, where that was so before."""
    async with connection.transaction():
        await connection.execute(_ONE_AT_A_TIME)
        return await connection.fetchval(_CHOOSE, *reader, wanted, by, now) is not None


async def watched(connection: asyncpg.Connection, plan: str) -> list[Watched]:
    """Every promise of a plan that is watched."""
    return [Watched(row[0], row[1], tuple(row[2]), row[3]) for row in await connection.fetch(_WATCHED, plan)]


async def open_(connection: asyncpg.Connection, plan: str) -> list[Stands]:
    """The alerts of a plan that go on or are warned of."""
    found = [(_view(view), tuple(path)) for view, path in await connection.fetch(_OPEN, plan)]
    return [Stands(view, path) for view, path in found if view]


async def steps(
    connection: asyncpg.Connection, plan: str, after: datetime
) -> list[tuple[datetime, AlertChanged, Stands]]:
    """The beginnings and ends of breaches that were decided after a moment, the earliest first."""
    rows = await connection.fetch(_STEPS, plan, after, CHANGED, sorted(BEGINS))
    found = [(row[0], msgspec.json.decode(row[1], type=AlertChanged), _view(row[2]), row[3], row[4]) for row in rows]
    return [(decided, step, Stands(view, tuple(path), held)) for decided, step, view, path, held in found if view]


def _view(stored: str) -> View | None:
    try:
        return msgspec.json.decode(stored, type=View)
    except msgspec.DecodeError:  # the next judgement writes it anew
        return None


async def mail(connection: asyncpg.Connection, said: Weekly, to: Recipient) -> None:
    """Write a summary, once however often it is decided."""
    body = msgspec.json.encode(said).decode()
    await connection.execute(_MAIL, said.id, DIGEST, to.id, to.address, to.language, body, said.decided)
