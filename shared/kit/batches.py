"""A topic taken in batches, at least once: offsets are committed once a batch has been dealt with.

FastStream goes on behind a batch whose handler failed, and the next commit would skip it. So every failure is caught
here: after one that passes by itself the batch is taken again, any other ends the consumer before anything is skipped.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import KafkaAckableMessage

from shared.kit import header_names
from shared.kit.broker import find
from shared.kit.health import Health
from shared.kit.supervisor import Task, expected
from shared.kit.trouble import Trouble, told
from shared.kit.waiting import within

log = structlog.get_logger()

Records = Sequence[ConsumerRecord]
Lag = Mapping[TopicPartition, int]
COMMIT_SECONDS = 10.0
STOP_SECONDS = 20.0
CHECK_SECONDS = 2.0
ANSWER_SECONDS = 5.0
UNANSWERED = "no broker answers"
Handled = asyncio.Future[None]
"""Holds the error that ends the consumer, once there is one."""


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
        tell: Callable[[BaseException], str] = told,
    ) -> None:
        """``take`` deals with a batch, or raises to get it again; ``show`` is given the lag; ``tell`` quotes errors."""
        self._servers, self._to = servers, to
        self._take, self._show, self._tell = take, show, tell
        self._health = health
        self._trouble = Trouble(f"messages of {to.topic}")
        self._failed: Handled

    @property
    def task(self) -> Task:
        """Consumes, from when Kafka and the topic are there, until the end; then lets the batch under way finish."""
        return Task(self._to.topic, self._session, self._to.topic, self._tell)

    async def _session(self) -> None:
        """Consume until something fails."""
        header_names.tolerate()
        await find(self._servers, self._to.topic)
        kafka = _broker(self._servers, self._to.group)
        self._failed = asyncio.get_running_loop().create_future()
        try:
            await self._consume(kafka)
        finally:
            with contextlib.suppress(TimeoutError, KafkaError):
                await within(kafka.stop(), STOP_SECONDS)

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
        while not self._failed.done() and any(not task.done() for task in subscriber.tasks):
            await self._look(subscriber.consumer)
            await asyncio.wait([self._failed], timeout=CHECK_SECONDS)
        await asyncio.gather(*(task for task in [self._failed, *subscriber.tasks] if task.done()))

    async def _look(self, consumer: AIOKafkaConsumer) -> None:
        """Show the lag; say so while no broker answers, of which the client tells nobody, and polls on."""
        try:
            lag = await within(_lag(consumer), ANSWER_SECONDS)
        except IllegalStateError:  # a partition was taken away meanwhile
            return
        except (KafkaError, TimeoutError):
            self._health.bad(self._to.topic, UNANSWERED)
        else:
            self._show(lag)
            if self._trouble.none:
                self._health.ok(self._to.topic)

    async def _handle(self, message: KafkaMessage) -> None:
        records: tuple[ConsumerRecord, ...] = message.raw_message
        if not records or self._failed.done():
            return
        try:
            await self._take(records)
        except Exception as error:  # noqa: BLE001 -- whatever went wrong: the next commit would skip these messages
            if expected(error):
                await self._again(message.consumer, records, self._tell(error))
            else:
                self._failed.set_exception(error)
        else:
            self._trouble.over()
            self._health.ok(self._to.topic)
            await self._commit(message.consumer, records)

    async def _again(self, consumer: AIOKafkaConsumer, records: Records, reason: str) -> None:
        """Go back to the first message of each partition, after a pause that grows while it keeps failing."""
        self._health.bad(self._to.topic, reason)
        for partition, offset in _firsts(records).items():
            with contextlib.suppress(KafkaError):  # the partition now belongs to another member
                consumer.seek(partition, offset)
        await self._trouble.pause(reason)

    async def _commit(self, consumer: AIOKafkaConsumer, records: Records) -> None:
        """Only these messages' offsets. A failed commit costs a repeat and no more, so it is only logged."""
        offsets = {TopicPartition(r.topic, r.partition): r.offset + 1 for r in records}
        try:
            await within(consumer.commit(offsets), COMMIT_SECONDS)
        except (KafkaError, TimeoutError) as error:
            log.warning("offsets not committed", topic=self._to.topic, reason=repr(error))


def _broker(servers: str, client: str) -> KafkaBroker:
    return KafkaBroker(
        servers.split(","),
        client_id=client,
        apply_types=False,
        allow_auto_create_topics=False,
        logger=None,
        graceful_timeout=15,
    )


async def _lag(consumer: AIOKafkaConsumer) -> Lag:
    await consumer.topics()
    ends = {partition: consumer.highwater(partition) for partition in consumer.assignment()}
    return {p: end - await consumer.position(p) for p, end in ends.items() if end is not None}


def _firsts(records: Records) -> dict[TopicPartition, int]:
    firsts: dict[TopicPartition, int] = {}
    for record in records:
        firsts.setdefault(TopicPartition(record.topic, record.partition), record.offset)
    return firsts


async def _undecoded(message: KafkaMessage) -> KafkaMessage:
    return message
