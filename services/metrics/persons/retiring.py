"""Erasing by time, once a day: whose last employment is long enough ago, families of events, messages put aside since.

A message about somebody who is erased may still be put aside, since what cannot be read is about nobody it says.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import asyncpg
import msgspec
import structlog

from services.metrics.domain.record.record import JOB, Part
from services.metrics.ledger import aged, forgetting, statements
from services.metrics.persons.erasing import EmployedError, Order, UnknownError
from services.metrics.persons.policy import MOST_BYTES, Kept, Policy, PolicyRefused, read
from services.metrics.persons.trimming import TrimOrder
from shared.contracts.erased import Family
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
Trim = Callable[[asyncpg.Pool, TrimOrder], Awaitable[Erasing | None]]
_part = msgspec.msgpack.Decoder(Part).decode


class Retiring:
    """What is due by time; ``file`` says how long persons are kept, empty: for ever."""

    def __init__(self, pool: asyncpg.Pool, file: str, clock: Clock, health: Health, erase: Erase, trim: Trim) -> None:
        """Nothing is erased before its task is run."""
        self._pool, self._file, self._clock, self._health = pool, file, clock, health
        self._erase, self._trim = erase, trim
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
            for some in _portions(await left_before(self._pool, policy.keep.since(today))):
                await self._together(some, policy.why, today)
        for family, kept in policy.families.items():
            await self._family(family, kept, today)
        async with self._pool.acquire() as connection, connection.transaction():
            gone = await forgetting.letters(connection, await forgetting.erased(connection))
        if gone:
            log.info("messages put aside about persons who are erased are gone", messages=gone)

    async def _family(self, family: Family, kept: Kept, today: date) -> None:
        through = kept.keep.through(today)
        for some in _portions(await aged.aged(self._pool, family, through)):
            done = await self._trim(self._pool, TrimOrder(some, family, through, kept.why, PART, self._clock.now()))
            if done:
                gone = {"persons": done.persons, "events": done.events, "sums": done.sums}
                log.info("events are trimmed by time", family=family, through=str(through), **gone)

    async def _together(self, persons: Sequence[str], why: str, today: date) -> None:
        order = Order(persons, why, PART, self._clock.now(), today)
        try:
            done = await self._erase(self._pool, order)
        except (UnknownError, EmployedError) as error:
            log.warning("persons are not erased by time", reason=str(error))  # another replica did, or they came back
        else:
            log.info("persons are erased by time", persons=done.persons, events=done.events, sums=done.sums)


def _portions(persons: Sequence[str]) -> Iterator[Sequence[str]]:
    """Some at a time and as many each: the sums of few would tell of each."""
    most = max(1, -(-len(persons) // TOGETHER))
    return (persons[n * len(persons) // most : (n + 1) * len(persons) // most] for n in range(most if persons else 0))


async def left_before(pool: asyncpg.Pool, day: date) -> Sequence[str]:
    """Who has been employed, and last before a day: their pseudonyms."""
    rows = await pool.fetch(statements.EMPLOYMENTS, JOB)
    return await asyncio.to_thread(
        lambda: [row["subject"].removeprefix(PERSON_PREFIX) for row in rows if _ended(row["body"], day.toordinal())]
    )


def _ended(body: bytes, day: int) -> bool:
    career = _part(body).career
    return career is not None and bool(career.stretches) and all(stretch.last < day for stretch in career.stretches)
