"""The access log of a service: noted before an answer begins, written in batches beside it, kept for so many days."""

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

import asyncpg
import msgspec
import structlog
from litestar.exceptions import ServiceUnavailableException

from shared.contracts.access_log import Look
from shared.kit.clock import Clock

log = structlog.get_logger()

WAITING = 10_000
"""Entries that wait to be written, at most: then nothing is answered, rather than that somebody looks unseen."""
BATCH = 1_000
PAUSE_SECONDS = 0.5
FORGET_SECONDS = 3600.0
WRITE_SECONDS = 10.0
LEAST_DAYS = 30
"""The table lets nobody delete what is younger."""

_COLUMNS = "id, at, who, name, through, method, route, unit, metric, status"
_WRITE = f"""
insert into access_log ({_COLUMNS})
select * from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::text[], $10::int[])
on conflict do nothing
"""  # noqa: S608  (written here)
_FORGET = "delete from access_log where at < $1"
_PAGE = f"""
select {_COLUMNS} from access_log
where ($1::timestamptz is null or at >= $1) and ($2::timestamptz is null or at < $2) and ($3::text is null or who = $3)
    and ($4::text is null or unit = $4) and ($5::timestamptz is null or (at, id) < ($5, $6::uuid))
order by at desc, id desc limit $7
"""  # noqa: S608  (written here)


class Journal:
    """What is still to be written. It outlives a database that is away, and a normal stop writes all of it."""

    def __init__(self, clock: Clock, days: int) -> None:
        """Nothing is noted; ``days`` is how long entries are kept."""
        self._clock, self._kept = clock, timedelta(days=days)
        self._waiting: deque[Look] = deque()
        self._noted = asyncio.Event()

    def open(self) -> None:
        """Raise ServiceUnavailableException where another entry has no place."""
        if len(self._waiting) >= WAITING:
            raise ServiceUnavailableException("the access log cannot be written")

    def note(self, look: Look) -> None:
        """Somebody looks."""
        self._waiting.append(look)
        self._noted.set()

    async def keep(self, pool: asyncpg.Pool) -> None:
        """Write what is noted, and forget what is old, until cancelled; raises what the database says."""
        forgotten = float("-inf")
        try:
            while True:
                await self._write(pool)
                now = asyncio.get_running_loop().time()
                if now - forgotten >= FORGET_SECONDS:
                    await pool.execute(_FORGET, self._clock.now() - self._kept, timeout=WRITE_SECONDS)
                    forgotten = now
                await self._noted.wait()
                await asyncio.sleep(PAUSE_SECONDS)
        except asyncio.CancelledError:
            await self._write(pool)
            raise

    async def _write(self, pool: asyncpg.Pool) -> None:
        while self._waiting:
            some = list(islice(self._waiting, BATCH))
            rows = [msgspec.structs.astuple(look) for look in some]
            await pool.execute(_WRITE, *map(list, zip(*rows, strict=True)), timeout=WRITE_SECONDS)
            for _ in some:
                self._waiting.popleft()
        self._noted.clear()


class Wanted(msgspec.Struct, frozen=True):
    """Which entries: from a time on, before another, of whom, about which unit."""

    since: datetime | None = None
    before: datetime | None = None
    who: str | None = None
    unit: str | None = None


Place = tuple[datetime, UUID]
"""That of an entry in the order of the log."""


async def page(connection: asyncpg.Connection, wanted: Wanted, after: Place | None, most: int) -> Sequence[Look]:
    """Entries, the latest first, from behind a place on."""
    found = await connection.fetch(_PAGE, *msgspec.structs.astuple(wanted), *(after or (None, None)), most)
    return [Look(**row) for row in found]
