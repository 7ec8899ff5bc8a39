"""Bundles: mails of one recipient that leave as one. Which they are is written down before anything is sent."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple, get_args

import asyncpg
import msgspec

from services.alerts.domain.alert.occasion import MailReason
from services.alerts.domain.letter.entries import Surroundings
from services.alerts.repository import watched_units

MOST = 2_000
"""Mails of one bundle; what is beyond them makes another."""

_FREE = """
select id, address, language, occasion ->> 'plan', occasion ->> 'unit' from alerts.outbox mail
where id = any($1::text[]) and state = 'pending' and channel = 'mail' and bundle is null
    and reason = any($2::text[]) and not exists (
    select from alerts.outbox earlier
    where earlier.episode = mail.episode and earlier.recipient = mail.recipient
      and earlier.state in ('settling', 'pending', 'held')
      and (earlier.created, earlier.reason in ('resolved', 'data_corrected'), earlier.id)
        < (mail.created, mail.reason in ('resolved', 'data_corrected'), mail.id))
order by created, id
"""
_PATHS = """
select unit, path[2:], not exists (
    select from alerts.units beside
    where coalesce(beside.path[2], '') = coalesce(placed.path[2], '') and beside.unit <> placed.unit)
from alerts.units placed where unit = any($1::text[])
"""
_FORM = """
insert into alerts.bundles (id, around, formed)
select id, around::jsonb, $3 from unnest($1::text[], $2::text[]) as given (id, around)
"""
_JOIN = """
update alerts.outbox mail set bundle = given.bundle from unnest($1::text[], $2::text[]) as given (id, bundle)
where mail.id = given.id
"""
_LOAD = "select around::text from alerts.bundles where id = $1"
_PRUNE = (
    "delete from alerts.bundles where formed < $1 and not exists (select from alerts.outbox where bundle = bundles.id)"
)


class _Free(NamedTuple):
    """A mail that waits for no other."""

    id: str
    address: str
    language: str
    plan: str | None
    unit: str | None


class _Path(NamedTuple):
    """The units above a unit, the nearest first, and whether no other lies beside it."""

    above: tuple[str, ...]
    only: bool


async def form(connection: asyncpg.Connection, mails: Collection[str], now: datetime) -> None:
    """Put mails that became free to go together into one for each recipient.

    One that is alone stays so, and so does one that waits for an earlier mail of its thread: a bundle waits for none.
    """
    if len(mails) < 2:
        return
    free = [_Free(*row) for row in await connection.fetch(_FREE, list(mails), list(get_args(MailReason)))]
    bundles = {_name(some): some for some in _together(free)}
    if not bundles:
        return
    paths = {row[0]: _Path(tuple(row[1]), row[2]) for row in await connection.fetch(_PATHS, _units(free))}
    asked = {_plans(some) for some in bundles.values()}
    counted = {plans: await watched_units.totals(connection, plans) for plans in sorted(asked)}
    around = [_around(counted[_plans(some)], _units(some), paths) for some in bundles.values()]
    await connection.execute(_FORM, list(bundles), [msgspec.json.encode(one).decode() for one in around], now)
    joined = [(one.id, name) for name, some in bundles.items() for one in some]
    await connection.execute(_JOIN, *map(list, zip(*joined, strict=True)))


def _together(free: Iterable[_Free]) -> Iterable[list[_Free]]:
    found: dict[tuple[str, str], list[_Free]] = defaultdict(list)
    for one in free:
        found[one.address, one.language].append(one)
    parts = (some[first : first + MOST] for some in found.values() for first in range(0, len(some), MOST))
    return [part for part in parts if len(part) > 1]


def _name(some: Iterable[_Free]) -> str:
    """Made of what is in it: it names the mail, also when it is sent again."""
    return f"bundle_{sha256('|'.join(sorted(one.id for one in some)).encode()).hexdigest()[:20]}"


def _plans(some: Iterable[_Free]) -> tuple[str, ...]:
    return tuple(sorted({one.plan for one in some if one.plan}))


def _units(some: Iterable[_Free]) -> tuple[str, ...]:
    return tuple(sorted({one.unit for one in some if one.unit}))


def _around(counted: tuple[int, int, int], units: Iterable[str], paths: Mapping[str, _Path]) -> Surroundings:
    placed = {unit: paths[unit] for unit in units if unit in paths}
    return Surroundings(
        open=counted[0],
        units=counted[1],
        watched=counted[2],
        above={unit: path.above for unit, path in placed.items()},
        only=frozenset(unit for unit, path in placed.items() if path.only),
    )


async def load(pool: asyncpg.Pool, bundle: str) -> Surroundings:
    """How things stood when a bundle was formed; raises msgspec.DecodeError."""
    return msgspec.json.decode(await pool.fetchval(_LOAD, bundle), type=Surroundings)


async def prune(pool: asyncpg.Pool, before: datetime) -> None:
    """Forget older bundles whose mails are forgotten."""
    await pool.execute(_PRUNE, before)
