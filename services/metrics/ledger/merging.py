"""Merging old facts: of a cell, a measure and a day one is left, once nobody may ask what was known before.

Facts lie in periods of taking in. The last one is added to. A closed one whose batches are all old enough is emptied
into ``facts_merged``, a slice in a transaction, and then dropped, so that what is added meanwhile lies together. Sums
are the same before and after; what is no longer known is when each fact was taken in, and why.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple

import asyncpg

from services.metrics.ledger import merging_statements as sql
from services.metrics.ledger.forgotten import ForgottenError
from services.metrics.ledger.rules_statements import SHARE_LEDGER
from shared.kit.trouble import PassingError

ROWS = 20_000
"""Facts of one transaction, at least those of one measure of a cell."""
PAUSE_SECONDS = 0.2
"""Between looks whether anybody still reads what is emptied."""
NOWHERE = (-1, -1)
"""Before every cell and measure."""

Place = tuple[int, int]


class BusyError(PassingError):
    """Another replica merges, or the ledger is being remade."""


class Period(NamedTuple):
    """A closed period: batches from ``first`` up to, not including, ``until``, the last taken in ``at``."""

    first: int
    until: int
    at: datetime


async def check(connection: asyncpg.Connection, known_at: datetime, asked: str) -> None:
    """Raise ForgottenError if facts of both before and after a time have been merged; ``asked`` is what said it."""
    forgotten: datetime | None = await connection.fetchval(sql.FORGOTTEN)
    if forgotten and known_at < forgotten:
        raise ForgottenError(forgotten, asked)


async def close(pool: asyncpg.Pool, before: datetime) -> bool:
    """Close the open period if it began before a time; whether it was.

    Raises BusyError, and asyncpg.LockNotAvailableError where somebody reads for long: another time will do.
    """
    async with _alone(pool) as connection:
        began: datetime | None = (await connection.fetchrow(sql.OPEN))[1]
        if began is None or began >= before:
            return False
        await connection.execute(sql.SOON)
        await connection.execute(sql.HOLD_FACTS)
        await connection.execute(sql.CLOSE)
        return True


async def ripe(pool: asyncpg.Pool, before: datetime) -> Period | None:
    """The oldest closed period, if all of it was taken in before a time."""
    row = await pool.fetchrow(sql.RIPE, before)
    return Period(*row) if row else None


async def merge(pool: asyncpg.Pool, period: Period) -> None:
    """Merge the facts of a period; broken off anywhere, the same again goes on. Raises as ``close`` does."""
    async with _alone(pool) as connection:
        await connection.execute(sql.FORGET_BEFORE, period.until, period.at)
    place: Place | None = NOWHERE
    while place:
        place = await _slice(pool, period, place)
    for statement in (sql.FORGET_CAUSES, sql.FORGET_REDESCRIBED, sql.FORGET_BATCHES):
        while await pool.execute(statement, period.until, ROWS) == f"DELETE {ROWS}":
            pass
    emptied = await pool.fetchval(sql.NOW)
    while await pool.fetchval(sql.BEGUN_BEFORE, emptied):  # noqa: ASYNC110  (what is waited for is in other processes)
        await asyncio.sleep(PAUSE_SECONDS)
    async with _alone(pool) as connection:
        await connection.execute(sql.SOON)
        await connection.execute(sql.DROP.format(first=period.first))


async def _slice(pool: asyncpg.Pool, period: Period, after: Place) -> Place | None:
    """Merge the next facts behind a cell and measure; the last of them, None where there are none."""
    async with _alone(pool) as connection:
        last: Place | None = await connection.fetchrow(sql.SLICE.format(first=period.first), *after, ROWS)
        if last:
            await connection.execute(sql.MERGE.format(first=period.first), *after, *last)
        return last


@asynccontextmanager
async def _alone(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    """A transaction of the one replica that merges, while nobody remakes the ledger; raises BusyError for any other."""
    async with pool.acquire() as connection, connection.transaction():
        if not (await connection.fetchval(sql.ONE_MERGES) and await connection.fetchval(SHARE_LEDGER)):
            raise BusyError
        yield connection
