"""A topic taken in batches, at least once: offsets are committed once a batch has been dealt with.

Every failure of a batch is caught here: after one that passes by itself it is taken again, any other ends the consumer
before anything is skipped. A poll that fails ends the session: the client has moved past what it then threw away, and
only a new one reads from what is committed.
"""

import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from time import monotonic
from typing import NamedTuple

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from shared.kit import reading
from shared.kit.broker import find, stop
from shared.kit.cluster import Renewal, way_to
from shared.kit.health import Health
from shared.kit.leaders import Leaders, leaders
from shared.kit.supervisor import Task, expected
from shared.kit.trouble import Trouble, wording
from shared.kit.waiting import within

log = structlog.get_logger()

Records = Sequence[ConsumerRecord]
Lag = Mapping[TopicPartition, int]
POLL_MS = 200
FIRST = 10
"""Messages of the first batch: nobody knows yet how long they are."""
BATCH_BYTES = 8_000_000
"""Of the messages of a batch, if they are as long as those before: their number alone bounds no memory."""
COMMIT_SECONDS = 10.0
STOP_SECONDS = 20.0
CHECK_SECONDS = 2.0
ANSWER_SECONDS = 5.0


class Subscription(NamedTuple):
    """A topic; the consumer group; the most messages of one batch; the part of health, which is called as the topic is.

    ``part`` is the name of the contract where a tenant's topic has another.
    """

    topic: str
    group: str
    most: int
    part: str = ""

    @property
    def shown(self) -> str:
        """The part of health."""
        return self.part or self.topic


class Batches:
    """One member of a consumer group; run more processes for more."""

    def __init__(
        self,
        servers: str,
        to: Subscription,
        take: Callable[[Records], Awaitable[None]],
        show: Callable[[Lag], None],
        health: Health,
        tell: Callable[[BaseException], str] = wording,
    ) -> None:
        """``take`` deals with a batch, or raises to get it again; ``show`` is given the lag; ``tell`` quotes errors."""
        self._servers, self._to = servers, to
        self._take, self._show, self._tell = take, show, tell
        self._health = health
        self._trouble = Trouble(f"messages of {to.topic}")
        self._room = min(to.most, FIRST)
        self._looked = 0.0
        self._renewal = Renewal()

    @property
    def task(self) -> Task:
        """Consumes, from when Kafka and the topic are there, until the end."""
        return Task(self._to.shown, self._session, self._to.shown, self._tell)

    async def _session(self) -> None:
        """Consume until something fails."""
        reading.tolerate()
        await find(self._servers, self._to.topic)
        self._renewal, consumer = Renewal(), self._consumer()
        try:
            await consumer.start()
            with leaders(consumer) as known:
                await self._consume(consumer, known)
        finally:
            await stop(consumer, STOP_SECONDS)

    def _consumer(self) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            self._to.topic,
            **way_to(self._servers),
            client_id=self._to.group,
            group_id=self._to.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",  # a message of a transaction that was taken back was never sent
            session_timeout_ms=10_000,
            rebalance_timeout_ms=60_000,
        )

    async def _consume(self, consumer: AIOKafkaConsumer, known: Leaders) -> None:
        self._health.ok(self._to.shown)
        while True:
            found = await consumer.getmany(timeout_ms=POLL_MS, max_records=self._room)
            if records := [record for some in found.values() for record in some]:
                await self._handle(consumer, records)
                self._room = room(records, self._to.most)
            if monotonic() - self._looked >= CHECK_SECONDS:
                await self._look(consumer, known)
                self._looked = monotonic()

    async def _look(self, consumer: AIOKafkaConsumer, known: Leaders) -> None:
        """Show the lag; say so while no broker answers, of which the client tells nobody, and polls on."""
        if found := await known.problem(self._to.topic):
            self._health.bad(self._to.shown, found)
            self._renewal.check()
            return
        try:
            lag = await within(_lag(consumer), ANSWER_SECONDS)
        except IllegalStateError:  # a partition was taken away meanwhile
            return
        except (KafkaError, TimeoutError) as error:
            self._health.bad(self._to.shown, wording(error))
            return
        self._show(lag)
        if self._trouble.none:
            self._health.ok(self._to.shown)

    async def _handle(self, consumer: AIOKafkaConsumer, records: Records) -> None:
        try:
            await self._take(records)
        except Exception as error:
            if not expected(error):
                raise
            await self._again(consumer, records, self._tell(error))
        else:
            self._trouble.over()
            self._health.ok(self._to.shown)
            await self._commit(consumer, records)

    async def _again(self, consumer: AIOKafkaConsumer, records: Records, reason: str) -> None:
        """Go back to the first message of each partition, after a pause that grows while it keeps failing."""
        self._health.bad(self._to.shown, reason)
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


def room(records: Records, most: int) -> int:
    """How many messages as long as these make a batch; at least one, up to ``most``."""
    length = sum(len(record.value or b"") for record in records) // len(records)
    return max(1, min(most, BATCH_BYTES // max(1, length)))


async def _lag(consumer: AIOKafkaConsumer) -> Lag:
    ends = {partition: consumer.highwater(partition) for partition in consumer.assignment()}
    return {p: end - await consumer.position(p) for p, end in ends.items() if end is not None}


def _firsts(records: Records) -> dict[TopicPartition, int]:
    firsts: dict[TopicPartition, int] = {}
    for record in records:
        firsts.setdefault(TopicPartition(record.topic, record.partition), record.offset)
    return firsts
