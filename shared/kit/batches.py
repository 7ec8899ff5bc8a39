"""A topic taken in batches, at least once: offsets are committed once a batch has been dealt with.

FastStream goes on behind a batch whose handler failed, and the next commit would skip it. So every failure is caught
here, and the batch is taken again.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import KafkaAckableMessage

from shared.kit.background import background
from shared.kit.broker import broker, wait_for_kafka
from shared.kit.health import Health

log = structlog.get_logger()

Records = Sequence[ConsumerRecord]
Lag = Mapping[TopicPartition, int]
COMMIT_SECONDS = 10.0
STOP_SECONDS = 20.0
CHECK_SECONDS = 2.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0


def told(error: Exception) -> str:
    """A failure as health and the log tell it."""
    return f"{type(error).__name__}: {error}"


class Subscription(NamedTuple):
    """A topic, which is also the name of the part in health; the consumer group; the most messages of one batch."""

    topic: str
    group: str
    most: int


class Batches:
    """One member of a consumer group; run more processes for more."""

    def __init__(
        self,
        servers: str,
        to: Subscription,
        take: Callable[[Records], Awaitable[None]],
        show: Callable[[Lag], None],
        health: Health,
        tell: Callable[[Exception], str] = told,
    ) -> None:
        """``take`` deals with a batch, or raises to get it again; ``show`` is given the lag; ``tell`` quotes errors."""
        self._servers, self._to = servers, to
        self._take, self._show, self._tell = take, show, tell
        self._health = health
        self._pause = FIRST_PAUSE

    def running(self) -> contextlib.AbstractAsyncContextManager[None]:
        """Consume from when Kafka and the topic are there until the end; then let the batch under way finish."""
        return background(self._keep())

    async def _keep(self) -> None:
        await self._topic_exists()
        while True:
            kafka = broker(self._servers, self._to.group)
            try:
                await self._consume(kafka)
            except (KafkaError, OSError) as error:
                self._health.bad(self._to.topic, repr(error))
                log.warning("consuming again", topic=self._to.topic, reason=repr(error))
                await asyncio.sleep(CHECK_SECONDS)
            finally:
                with contextlib.suppress(TimeoutError, KafkaError):
                    await asyncio.wait_for(kafka.stop(), STOP_SECONDS)

    async def _topic_exists(self) -> None:
        topic = self._to.topic
        self._health.bad(topic, "no broker answers")
        admin = await wait_for_kafka(self._servers)
        try:
            while topic not in await admin.list_topics():
                self._health.bad(topic, "the topic does not exist")
                log.warning("waiting for the topic", topic=topic)
                await asyncio.sleep(CHECK_SECONDS)
        finally:
            await admin.close()

    async def _consume(self, kafka: KafkaBroker) -> None:
        async def unparsed(raw: tuple[ConsumerRecord, ...], _default: object) -> KafkaAckableMessage:
            """Spare the default parser, which costs more per message than dealing with it."""
            return KafkaAckableMessage(
                raw_message=raw, body=[], headers={}, message_id="", correlation_id="", consumer=subscriber.consumer
            )

        subscriber = kafka.subscriber(
            self._to.topic,
            group_id=self._to.group,
            batch=True,
            max_records=self._to.most,
            batch_timeout_ms=50,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            parser=unparsed,
            decoder=_undecoded,
            session_timeout_ms=10_000,
            rebalance_timeout_ms=60_000,
        )
        subscriber(self._handle)
        await kafka.start()
        self._health.ok(self._to.topic)
        while subscriber.consumer is not None:
            self._show(await _lag(subscriber.consumer))
            await asyncio.sleep(CHECK_SECONDS)

    async def _handle(self, message: KafkaMessage) -> None:
        records: tuple[ConsumerRecord, ...] = message.raw_message
        if not records:
            return
        try:
            await self._take(records)
        except Exception as error:  # noqa: BLE001 -- whatever went wrong: the next commit would skip these messages
            await self._again(message.consumer, records, self._tell(error))
        else:
            self._pause = FIRST_PAUSE
            self._health.ok(self._to.topic)
            await self._commit(message.consumer, records)

    async def _again(self, consumer: AIOKafkaConsumer, records: Records, reason: str) -> None:
        """Go back to the first message of each partition, after a pause that grows while it keeps failing."""
        topic = self._to.topic
        self._health.bad(topic, reason)
        log.warning("taking messages again", topic=topic, messages=len(records), pause=self._pause, reason=reason)
        for partition, offset in _firsts(records).items():
            with contextlib.suppress(KafkaError):  # the partition now belongs to another member
                consumer.seek(partition, offset)
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    async def _commit(self, consumer: AIOKafkaConsumer, records: Records) -> None:
        """Only these messages' offsets. A failed commit costs a repeat and no more, so it is only logged."""
        offsets = {TopicPartition(r.topic, r.partition): r.offset + 1 for r in records}
        try:
            await asyncio.wait_for(consumer.commit(offsets), COMMIT_SECONDS)
        except (KafkaError, TimeoutError) as error:
            log.warning("offsets not committed", topic=self._to.topic, reason=repr(error))


async def _lag(consumer: AIOKafkaConsumer) -> Lag:
    ends = {partition: consumer.highwater(partition) for partition in consumer.assignment()}
    return {p: end - await consumer.position(p) for p, end in ends.items() if end is not None}


def _firsts(records: Records) -> dict[TopicPartition, int]:
    firsts: dict[TopicPartition, int] = {}
    for record in records:
        firsts.setdefault(TopicPartition(record.topic, record.partition), record.offset)
    return firsts


async def _undecoded(message: KafkaMessage) -> KafkaMessage:
    return message
