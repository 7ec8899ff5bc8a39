"""The topic ``workforce.metrics``: taken in batches, judged in one transaction, its offsets committed after it.

At least once: a batch taken twice changes nothing the second time.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager

import asyncpg
import structlog
from aiokafka import ConsumerRecord

from services.alerts.domain.incoming import UnreadableError, read
from services.alerts.repository.dead_letters import DeadLetter
from services.alerts.telemetry import Telemetry
from shared.contracts.metrics import GroupComputed
from shared.contracts.topics import WORKFORCE_METRICS
from shared.kit.batches import Batches, Lag, Records, Subscription
from shared.kit.clock import Clock
from shared.kit.health import Health

log = structlog.get_logger()

PART = WORKFORCE_METRICS.name
Observe = Callable[[Sequence[GroupComputed], Collection[DeadLetter]], Awaitable[None]]


class Consumer:
    """A member of the consumer group that hands what it reads to ``observe``."""

    def __init__(
        self, servers: str, group: str, most: int, observe: Observe, telemetry: Telemetry, health: Health, clock: Clock
    ) -> None:
        """``most`` bounds the messages of one batch. Connects when ``running`` is entered."""
        self._observe = observe
        self._telemetry = telemetry
        self._clock = clock
        self._batches = Batches(
            servers, Subscription(WORKFORCE_METRICS.name, group, most), self._take, self._show, health
        )

    def running(self) -> AbstractAsyncContextManager[None]:
        """Consume until the end."""
        return self._batches.running()

    async def _take(self, records: Records) -> None:
        """All in one transaction; if a value can't be stored, one by one, so that it takes none of the others along."""
        groups: list[GroupComputed] = []
        unread: list[DeadLetter] = []
        for record in records:
            try:
                groups.append(read(record.value))
            except UnreadableError as error:
                unread.append(self._letter(record, error.reason, str(error)))
        try:
            await self._observe(groups, unread)
        except (asyncpg.DataError, asyncpg.InterfaceError) as error:
            if not _refused(error):
                raise
            await self._one_by_one(records, error)
        else:
            self._count(len(records), unread)

    async def _one_by_one(self, records: Records, error: Exception) -> None:
        if len(records) > 1:
            for record in records:
                await self._take([record])
            return
        letter = self._letter(records[0], "refused_by_database", str(error))
        await self._observe([], [letter])
        self._count(1, [letter])

    def _letter(self, record: ConsumerRecord, reason: str, error: str) -> DeadLetter:
        at = (record.topic, record.partition, record.offset)
        log.warning("message kept as a dead letter", topic=at[0], partition=at[1], offset=at[2], reason=reason)
        return DeadLetter(*at, record.key, record.value, reason, error, self._clock.now())

    def _count(self, messages: int, unread: Sequence[DeadLetter]) -> None:
        self._telemetry.messages.inc(messages)
        for letter in unread:
            self._telemetry.skipped.labels(letter.reason).inc()

    def _show(self, lag: Lag) -> None:
        self._telemetry.lag.clear()
        for at, messages in lag.items():
            self._telemetry.lag.labels(str(at.partition)).set(messages)


def _refused(error: Exception) -> bool:
    """Whether PostgreSQL, or its client before it, says that no retry makes a value storable."""
    return isinstance(error, asyncpg.DataError | ValueError)
