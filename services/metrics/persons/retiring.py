"""Erasing by time: once a day everybody whose last employment is long enough ago, and messages put aside since.

A message about somebody who is erased may still be put aside, since what cannot be read is about nobody it says.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

import asyncpg
import msgspec
import structlog

from services.metrics.domain.record.record import ERASURE, JOB, Part
from services.metrics.ledger import forgetting, statements
from services.metrics.persons.erasing import EmployedError, Order, UnknownError
from services.metrics.persons.policy import MOST_BYTES, Policy, PolicyRefused, read
from shared.contracts.erasings import Erasing
from shared.contracts.subjects import PERSON_PREFIX
from shared.kit import files
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.supervisor import Task

log = structlog.get_logger()

PART = "retention"
EVERY = 60.0
"""Seconds between looks at the day and at the file."""
TOGETHER = 50
"""Persons who are erased in one transaction, at most: nothing is folded meanwhile."""

Erase = Callable[[asyncpg.Pool, Order], Awaitable[Erasing]]
_part = msgspec.msgpack.Decoder(Part).decode


class Retiring:
    """What is due by time; ``file`` says how long persons are kept, empty: for ever."""

    def __init__(self, pool: asyncpg.Pool, file: str, clock: Clock, health: Health, erase: Erase) -> None:
        """Nothing is erased before its task is run."""
        self._pool, self._file, self._clock, self._health, self._erase = pool, file, clock, health, erase
        self._done: tuple[date, bytes] | None = None

    @property
    def task(self) -> Task:
        """Erases what is due, day after day."""
        return Task(PART, self._keep, PART)

    async def _keep(self) -> None:
        while True:
            if await self.look():
                self._health.ok(PART)
            await asyncio.sleep(EVERY)

    async def look(self) -> bool:
        """Erase what is due, once a day and whenever the file changes; false for a file with a fault."""
        try:
            content = await asyncio.to_thread(self._content)
            policy = read(content) if content else Policy(None, "")
        except (OSError, PolicyRefused) as error:
            said = error.faults[0] if isinstance(error, PolicyRefused) else error.strerror or error
            self._health.degraded(PART, f"{self._file}:{said}; nobody is erased by time")
            return False
        today = self._clock.today()
        if self._done != (today, content):
            await self._sweep(policy, today)
            self._done = today, content
        return True

    def _content(self) -> bytes:
        return files.read(Path(self._file), MOST_BYTES).content if self._file else b""

    async def _sweep(self, policy: Policy, today: date) -> None:
        if policy.keep:
            waiting = iter(await left_before(self._pool, policy.keep.since(today)))
            while some := list(islice(waiting, TOGETHER)):
                await self._together(some, policy.why, today)
        async with self._pool.acquire() as connection, connection.transaction():
            gone = await forgetting.letters(connection, await forgetting.erased(connection, ERASURE))
        if gone:
            log.info("messages put aside about persons who are erased are gone", messages=gone)

    async def _together(self, persons: Sequence[str], why: str, today: date) -> None:
        order = Order(persons, why, PART, self._clock.now(), today)
        try:
            done = await self._erase(self._pool, order)
        except (UnknownError, EmployedError) as error:
            log.warning("persons are not erased by time", reason=str(error))  # another replica did, or they came back
        else:
            log.info("persons are erased by time", persons=done.persons, events=done.events, sums=done.sums)


async def left_before(pool: asyncpg.Pool, day: date) -> Collection[str]:
    """Who has been employed, and last before a day: their pseudonyms."""
    rows = await pool.fetch(statements.EMPLOYMENTS, JOB)
    return await asyncio.to_thread(
        lambda: [row["subject"].removeprefix(PERSON_PREFIX) for row in rows if _ended(row["body"], day.toordinal())]
    )


def _ended(body: bytes, day: int) -> bool:
    career = _part(body).career
    return career is not None and bool(career.stretches) and all(stretch.last < day for stretch in career.stretches)
