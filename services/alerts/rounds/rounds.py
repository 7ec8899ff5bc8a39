"""Rounds: one at a time over all processes, each a short transaction that takes in what changed and marks what is due.

What is due is judged apart from this (``judging``), some at a time, so that no transaction grows with a plan.
"""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import asyncpg
import structlog

from services.alerts.domain.alert.incoming import Told, told, update
from services.alerts.domain.alert.parts import of_parts
from services.alerts.domain.alert.promises import ALERTABLE, ahead, judged_on, of_unit
from services.alerts.domain.alert.trust import Reader, reader
from services.alerts.domain.plan.places import Places
from services.alerts.domain.plan.plan import Version
from services.alerts.domain.plan.progress import Update
from services.alerts.repository import due, groups, measures, observations, parts, plans, provisional, turns, unfinished
from services.alerts.repository.plans import Running
from services.alerts.rounds.hearing import hear
from services.alerts.telemetry import Telemetry
from shared.contracts.catalogue import BY_NAME
from shared.contracts.deliveries import DeliveriesReported
from shared.contracts.metrics import GroupComputed
from shared.contracts.sources import SourceReported
from shared.contracts.tenants import ALONE, Tenant
from shared.kit import dead_letters
from shared.kit.clock import Clock
from shared.kit.dead_letters import UNLIMITED, DeadLetter, Limits

log = structlog.get_logger()


class Round(NamedTuple):
    """A round under way: its number, the plans that run, and the units as told of before it."""

    connection: asyncpg.Connection
    number: int
    versions: Mapping[str, Version]
    places: Places


def _of_parts(changed: Collection[tuple[str, date]], versions: Mapping[str, Version]) -> set[tuple[str, date]]:
    """Of metrics and days, those whose values of parts some plan judges."""
    judged = {target.metric for version in versions.values() for target in of_parts(version.plan)}
    return {(metric, day) for metric, day in changed if metric in judged}


class RehearsedError(Exception):
    """Rolls back what was only to be tried."""


@contextlib.asynccontextmanager
async def rehearsed(*, keep: bool) -> AsyncIterator[None]:
    """What is only tried ends in RehearsedError, which nobody else needs to know of."""
    try:
        yield
    except RehearsedError:
        if keep:
            raise


class Rounds:
    """Runs rounds one after another; ``due`` is set after each that marked something."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        clock: Clock,
        telemetry: Telemetry,
        limits: Limits = UNLIMITED,
        page: str = "",
        tenant: Tenant = ALONE,
    ) -> None:
        """Nothing is read yet; ``limits`` are those of messages put aside, a mail about a source leads to ``page``."""
        self._pool, self._limits, self._page, self._tenant = pool, limits, page, tenant
        self._clock = clock
        self._telemetry = telemetry
        self._running = Running()
        self._places = Places()
        self._learnt = -1
        self._turn = asyncio.Lock()
        self.due = asyncio.Event()

    @property
    def broken(self) -> Mapping[str, str]:
        """Running plans whose stored version cannot be read, and why: their alerts are neither judged nor ended."""
        return self._running.broken

    @contextlib.asynccontextmanager
    async def round(self) -> AsyncIterator[Round]:
        """A transaction that no other round overlaps.

        PostgreSQL's lock is free before this process knows how its round ended, so rounds of one process have a turn.
        """
        async with self._turn:
            try:
                async with self._pool.acquire() as connection, connection.transaction():
                    number = await turns.begin_round(connection)
                    await self._learn(connection)
                    yield Round(connection, number, await self._running.load(connection), self._places)
                self._learnt = number
            except BaseException:
                self._places, self._learnt = Places(), -1  # what was learnt may have been rolled back
                raise

    async def reading(self) -> Callable[[bytes | None, bytes | None], Told]:
        """How the next batch of messages is read."""
        return functools.partial(told, self._reader())

    async def reading_measures(self) -> Callable[[bytes | None, bytes | None], Update | None]:
        """How the next batch of messages about measures is read: by the plans that run now."""
        known = {name: one.plan.measures for name, one in (await self.running()).items()}
        return functools.partial(update, known, tenant=self._tenant)

    def _reader(self) -> Reader:
        return reader(self._clock.today(), self._clock.now(), self._tenant)

    async def mark_unjudged(self) -> None:
        """What could not be judged is due again, and so is what this release knows no metric for."""
        async with self.round() as now:
            await due.mark_unjudged(now.connection, self._clock.now())
            for plan, version in now.versions.items():
                if any(target.metric not in BY_NAME for target in version.plan.targets.values()):
                    await due.mark_plan(now.connection, plan, version.plan.targets, self._clock.now())
        self.due.set()

    async def observe(self, found: Sequence[Told], unread: Sequence[DeadLetter], *, keep: bool = True) -> None:
        """Take in what was published; the same again changes nothing. Raises TooManyError."""
        latest = self._reader().publication
        groups_told = [day for one in found if isinstance(one, GroupComputed) for day in one.by_day()]
        notes, told = [one for one in groups_told if not one.metrics], [one for one in groups_told if one.metrics]
        reports = [one for one in found if isinstance(one, SourceReported)]
        async with rehearsed(keep=keep), self.round() as now:
            units = await groups.save(now.connection, told, now.number, latest)
            moved = {name for unit in units for name in now.places.learn(unit)}
            wanted = ahead(now.versions.values())
            rows = [row for group in told for row in observations.rows(group, ALERTABLE, wanted)]
            taken = await observations.save(now.connection, rows, latest)
            touched = judged_on(taken.changed, now.versions, now.places)
            touched |= {alert for unit in moved for alert in of_unit(unit, now.versions)}
            await due.mark(now.connection, touched, self._clock.now())
            await parts.moved(now.connection, _of_parts(taken.days, now.versions))
            await hear(now.connection, reports, self._clock.now(), self._page)
            await unfinished.keep(now.connection, [one for one in found if isinstance(one, DeliveriesReported)])
            await provisional.note(now.connection, notes, latest, self._clock.now())
            await dead_letters.bury(now.connection, unread, self._limits)
            if not keep:
                raise RehearsedError
        if not keep:
            return
        self.due.set()
        if taken.clashes:
            self._telemetry.contradictions.inc(len(taken.clashes))
            log.error(
                "values contradict others of their publication", values=len(taken.clashes), first=taken.clashes[0]
            )

    async def hear(self, updates: Sequence[Update], unread: Sequence[DeadLetter], *, keep: bool = True) -> None:
        """Keep what was told of measures: the next mail about them says it. Raises TooManyError."""
        async with rehearsed(keep=keep), self._pool.acquire() as connection, connection.transaction():
            await measures.save(connection, updates)
            await dead_letters.bury(connection, unread, self._limits)
            if not keep:
                raise RehearsedError

    async def running(self) -> dict[str, Version]:
        """The running plans."""
        async with self._pool.acquire() as connection:
            return await self._running.load(connection)

    async def history(self) -> Mapping[str, Mapping[str, int]]:
        """By plan: the digest of every text that ever ran, and its latest version."""
        async with self._pool.acquire() as connection:
            return await plans.history(connection)

    async def text(self, plan: str, hashed: str) -> tuple[str, str] | None:
        """A text that ran once, by its digest, and the file it came from."""
        async with self._pool.acquire() as connection:
            return await plans.text(connection, plan, hashed)

    async def waiting(self) -> bool:
        """Whether anything is due."""
        async with self._pool.acquire() as connection:
            return await due.waiting(connection)

    async def units(self) -> Collection[str]:
        """Every unit told of."""
        async with self._pool.acquire() as connection:
            return await groups.names(connection)

    async def _learn(self, connection: asyncpg.Connection) -> None:
        """The units that rounds of other processes told of."""
        for unit in await groups.units(connection, self._learnt):
            self._places.learn(unit)
