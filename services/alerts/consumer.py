"""The topic ``workforce.metrics``: taken in batches, judged in one transaction, its offsets committed after it.

At least once: a batch taken twice changes nothing the second time.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence

import asyncpg
import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import KafkaAckableMessage

from services.alerts.domain.incoming import UnreadableError, read
from services.alerts.repository.dead_letters import DeadLetter
from services.alerts.telemetry import Telemetry
from shared.contracts.metrics import GroupComputed
from shared.contracts.topics import WORKFORCE_METRICS
from shared.kit.broker import broker, wait_for_kafka
from shared.kit.clock import Clock
from shared.kit.health import Health

log = structlog.get_logger()

PART = "workforce.metrics"
Observe = Callable[[Sequence[GroupComputed], Collection[DeadLetter]], Awaitable[None]]
_COMMIT_SECONDS = 10.0
_STOP_SECONDS = 20.0
_CHECK_SECONDS = 2.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 10.0


class Consumer:
    """A member of the consumer group that hands what it reads to ``observe``."""

    def __init__(
        self, servers: str, group: str, most: int, observe: Observe, telemetry: Telemetry, health: Health, clock: Clock
    ) -> None:
        """``most`` bounds the messages of one batch. Connects when ``run``."""
        self._servers = servers
        self._group = group
        self._most = most
        self._observe = observe
        self._telemetry = telemetry
        self._health = health
        self._clock = clock
        self._pause = _FIRST_PAUSE

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Consume from when Kafka and the topic are there until the end; then let the batch under way finish."""
        task = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _keep(self) -> None:
        await self._topic_exists()
        while True:
            kafka = broker(self._servers, self._group)
            try:
                await self._consume(kafka)
            except (KafkaError, OSError) as error:
                self._health.bad(PART, repr(error))
                log.warning("consuming again", topic=PART, reason=repr(error))
                await asyncio.sleep(_CHECK_SECONDS)
            finally:
                with contextlib.suppress(TimeoutError, KafkaError):
                    await asyncio.wait_for(kafka.stop(), _STOP_SECONDS)

    async def _topic_exists(self) -> None:
        self._health.bad(PART, "no broker answers")
        admin = await wait_for_kafka(self._servers)
        try:
            while WORKFORCE_METRICS.name not in await admin.list_topics():
                self._health.bad(PART, "the topic does not exist")
                log.warning("waiting for the topic", topic=WORKFORCE_METRICS.name)
                await asyncio.sleep(_CHECK_SECONDS)
        finally:
            await admin.close()

    async def _consume(self, kafka: KafkaBroker) -> None:
        async def unparsed(raw: tuple[ConsumerRecord, ...], _default: object) -> KafkaAckableMessage:
            """Spare the default parser, which costs more per message than judging it."""
            return KafkaAckableMessage(
                raw_message=raw, body=[], headers={}, message_id="", correlation_id="", consumer=subscriber.consumer
            )

        subscriber = kafka.subscriber(
            WORKFORCE_METRICS.name,
            group_id=self._group,
            batch=True,
            max_records=self._most,
            batch_timeout_ms=50,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            parser=unparsed,
            decoder=_undecoded,
            session_timeout_ms=15_000,
            rebalance_timeout_ms=60_000,
        )
        subscriber(self._handle)
        await kafka.start()
        self._health.ok(PART)
        while subscriber.consumer is not None:
            await self._observe_lag(subscriber.consumer)
            await asyncio.sleep(_CHECK_SECONDS)

    async def _handle(self, message: KafkaMessage) -> None:
        records: tuple[ConsumerRecord, ...] = message.raw_message
        if not records:
            return
        try:
            await self._take(records)
        except Exception as error:  # noqa: BLE001 -- whatever went wrong: the next commit would skip these messages
            await self._again(message.consumer, records, error)
        else:
            self._pause = _FIRST_PAUSE
            self._health.ok(PART)
            await _commit(message.consumer, records)

    async def _take(self, records: Sequence[ConsumerRecord]) -> None:
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

    async def _one_by_one(self, records: Sequence[ConsumerRecord], error: Exception) -> None:
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

    async def _again(self, consumer: AIOKafkaConsumer, records: Sequence[ConsumerRecord], error: Exception) -> None:
        """Go back to the first message of each partition, after a pause that grows while it keeps failing."""
        self._health.bad(PART, f"{type(error).__name__}: {error}")
        log.warning("taking messages again", topic=PART, messages=len(records), pause=self._pause, reason=repr(error))
        for partition, offset in _firsts(records).items():
            with contextlib.suppress(KafkaError):  # the partition now belongs to another member
                consumer.seek(partition, offset)
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    async def _observe_lag(self, consumer: AIOKafkaConsumer) -> None:
        self._telemetry.lag.clear()
        for partition in consumer.assignment():
            end = consumer.highwater(partition)
            if end is not None:
                self._telemetry.lag.labels(str(partition.partition)).set(end - await consumer.position(partition))


def _refused(error: Exception) -> bool:
    """Whether PostgreSQL, or its client before it, says that no retry makes a value storable."""
    return isinstance(error, asyncpg.DataError | ValueError)


def _firsts(records: Sequence[ConsumerRecord]) -> dict[TopicPartition, int]:
    firsts: dict[TopicPartition, int] = {}
    for record in records:
        firsts.setdefault(TopicPartition(record.topic, record.partition), record.offset)
    return firsts


async def _commit(consumer: AIOKafkaConsumer, records: Sequence[ConsumerRecord]) -> None:
    """Only these messages' offsets. A failed commit costs a repeat and no more, so it is only logged."""
    offsets = {TopicPartition(r.topic, r.partition): r.offset + 1 for r in records}
    try:
        await asyncio.wait_for(consumer.commit(offsets), _COMMIT_SECONDS)
    except (KafkaError, TimeoutError) as error:
        log.warning("offsets not committed", topic=PART, reason=repr(error))


async def _undecoded(message: KafkaMessage) -> KafkaMessage:
    return message
