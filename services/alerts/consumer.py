"""A topic that the service follows: taken in batches, kept in one transaction, its offsets committed after it.

At least once: a batch taken twice changes nothing the second time. ``workforce.metrics`` is what alerts are judged on;
of ``hr.events`` only what is about measures of plans is read.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Generic, NamedTuple, TypeVar

import asyncpg
import structlog
from aiokafka import ConsumerRecord

from services.alerts.domain.incoming import UnreadableError, update
from services.alerts.domain.progress import Update
from services.alerts.repository.dead_letters import DeadLetter
from services.alerts.telemetry import Telemetry
from shared.contracts.topics import HR_EVENTS, WORKFORCE_METRICS
from shared.kit.batches import Batches, Lag, Records, Subscription
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.supervisor import Task

log = structlog.get_logger()

PART, MEASURES = WORKFORCE_METRICS.name, HR_EVENTS.name
T = TypeVar("T")
Read = Callable[[bytes | None, bytes | None], T | None]
Reading = Callable[[], Awaitable[Read[T]]]
Observe = Callable[[Sequence[T], Collection[DeadLetter]], Awaitable[None]]


async def measures() -> Read[Update]:
    """How any batch of messages about measures is read."""
    return update


class Following(NamedTuple, Generic[T]):
    """What is followed: how the messages (key, value) of a batch are read, None if not for us, and who is handed them.

    ``show`` is given the lag.
    """

    to: Subscription
    reading: Reading[T]
    observe: Observe[T]
    show: Callable[[Lag], None]


class Consumer(Generic[T]):
    """A member of the consumer group that hands on what it reads."""

    def __init__(self, servers: str, of: Following[T], telemetry: Telemetry, health: Health, clock: Clock) -> None:
        """Connects when ``running`` is entered."""
        self._of = of
        self._telemetry = telemetry
        self._clock = clock
        self._batches = Batches(servers, of.to, self._take, of.show, health)

    @property
    def task(self) -> Task:
        """Consumes until the end."""
        return self._batches.task

    async def _take(self, records: Records) -> None:
        """All in one transaction; if a value can't be stored, one by one, so that it takes none of the others along."""
        found: list[T] = []
        unread: list[DeadLetter] = []
        read = await self._of.reading()
        for record in records:
            try:
                one = read(record.key, record.value)
                found += () if one is None else (one,)
            except UnreadableError as error:
                unread.append(self._letter(record, error.reason, str(error)))
        if not (found or unread):
            return
        try:
            await self._of.observe(found, unread)
        except (asyncpg.DataError, asyncpg.InterfaceError) as error:
            if not _refused(error):
                raise
            await self._one_by_one(records, error)
        else:
            self._count(len(found) + len(unread), unread)

    async def _one_by_one(self, records: Records, error: Exception) -> None:
        if len(records) > 1:
            for record in records:
                await self._take([record])
            return
        letter = self._letter(records[0], "refused_by_database", str(error))
        await self._of.observe([], [letter])
        self._count(1, [letter])

    def _letter(self, record: ConsumerRecord, reason: str, error: str) -> DeadLetter:
        at = (record.topic, record.partition, record.offset)
        log.warning("message kept as a dead letter", topic=at[0], partition=at[1], offset=at[2], reason=reason)
        return DeadLetter(*at, record.key, record.value, reason, error, self._clock.now())

    def _count(self, messages: int, unread: Sequence[DeadLetter]) -> None:
        self._telemetry.messages.inc(messages)
        for letter in unread:
            self._telemetry.skipped.labels(letter.reason).inc()


def _refused(error: Exception) -> bool:
    """Whether PostgreSQL, or its client before it, says that no retry makes a value storable."""
    return isinstance(error, asyncpg.DataError | ValueError)
