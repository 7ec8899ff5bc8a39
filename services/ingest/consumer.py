"""The topic ``hr.raw``: judged and published in batches; its offsets are committed once Kafka has the outcomes.

At least once: what is published twice after a failure has the same id and source and changes nothing.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import KafkaAckableMessage

from services.ingest.domain import binding
from services.ingest.domain.acceptance import judge, refused
from services.ingest.domain.outcome import Incoming, Outcome
from services.ingest.domain.pseudonym import Pseudonyms
from services.ingest.domain.refusal import RefusalError
from services.ingest.publisher import Publisher, UnconfirmedError
from services.ingest.telemetry import Telemetry
from shared.contracts.topics import HR_RAW
from shared.kit.broker import broker, wait_for_kafka
from shared.kit.health import Health

log = structlog.get_logger()

GROUP = "stadga-ingest"
PART = "hr.raw"
_TAKEN_AT_ONCE = 5000
_PUBLISH_SECONDS = 30.0
_COMMIT_SECONDS = 10.0
_STOP_SECONDS = 20.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 15.0
_CHECK_SECONDS = 2.0


class RawConsumer:
    """One member of the consumer group; run more processes for more."""

    def __init__(
        self, servers: str, pseudonym: Pseudonyms, publisher: Publisher, telemetry: Telemetry, health: Health
    ) -> None:
        """Connects when ``running`` is entered."""
        self._servers = servers
        self._pseudonym = pseudonym
        self._publisher = publisher
        self._telemetry = telemetry
        self._health = health
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
            kafka = broker(self._servers, GROUP)
            try:
                await self._consume(kafka)
            except (KafkaError, OSError) as error:
                self._health.bad(PART, repr(error))
                log.warning("consuming again", topic=PART, reason=repr(error))
                await asyncio.sleep(_CHECK_SECONDS)
            finally:
                await _stop(kafka)

    async def _topic_exists(self) -> None:
        admin = await wait_for_kafka(self._servers)
        try:
            while HR_RAW.name not in await admin.list_topics():
                self._health.bad(PART, "the topic does not exist")
                log.warning("waiting for the topic", topic=HR_RAW.name)
                await asyncio.sleep(_CHECK_SECONDS)
        finally:
            await admin.close()

    async def _consume(self, kafka: KafkaBroker) -> None:
        async def unparsed(raw: tuple[ConsumerRecord, ...], _default: object) -> KafkaAckableMessage:
            """Spare the default parser, which costs more per message than deciding on it."""
            return KafkaAckableMessage(
                raw_message=raw, body=[], headers={}, message_id="", correlation_id="", consumer=subscriber.consumer
            )

        subscriber = kafka.subscriber(
            HR_RAW.name,
            group_id=GROUP,
            batch=True,
            max_records=_TAKEN_AT_ONCE,
            batch_timeout_ms=100,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            parser=unparsed,
            decoder=_undecoded,
            session_timeout_ms=10_000,
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
            await self._publisher.publish([self._judged(r) for r in records], "kafka", _PUBLISH_SECONDS)
        except Exception as error:  # noqa: BLE001 -- whatever went wrong: the next commit would skip these messages
            await self._again(message.consumer, records, error)
        else:
            self._pause = _FIRST_PAUSE
            self._health.ok(PART)
            await _commit(message.consumer, records)

    def _judged(self, record: ConsumerRecord) -> Outcome:
        try:
            incoming = binding.from_kafka(record.headers, record.value)
        except RefusalError as error:
            return refused(Incoming(record.value), error)
        return judge(incoming, self._pseudonym, _every_source)

    async def _again(self, consumer: AIOKafkaConsumer, records: Sequence[ConsumerRecord], error: Exception) -> None:
        """Go back to the first message of each partition, after a pause that grows while it keeps failing."""
        # Only our own error is quoted: what another says might hold part of a message.
        reason = str(error) if isinstance(error, UnconfirmedError) else type(error).__name__
        self._health.bad(PART, reason)
        log.warning("taking messages again", topic=PART, messages=len(records), pause=self._pause, reason=reason)
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
                lag = end - await consumer.position(partition)
                self._telemetry.lag.labels(partition.topic, str(partition.partition)).set(lag)


def _every_source(source: str) -> bool:  # noqa: ARG001 -- who may write to hr.raw is for Kafka's access lists to say
    return True


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


async def _stop(kafka: KafkaBroker) -> None:
    with contextlib.suppress(TimeoutError, KafkaError):
        await asyncio.wait_for(kafka.stop(), _STOP_SECONDS)
