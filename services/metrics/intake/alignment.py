"""Where each partition is read from: where PostgreSQL is, in the log that was read so far and in no other.

A log can be lost and made anew, put back from an older copy, or cut by an unclean election. Its offsets then name other
messages, and reading on would pass over what takes the place of those that were read. So the positions know their log:
the topic's id and number of partitions, and a digest of the last message folded, which is read again before any other.
"""

import contextlib
import hashlib
from collections.abc import Iterable, Mapping, Sequence

import asyncpg
import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError

from services.metrics.intake import repository
from services.metrics.intake.repository import Log, OffsetRange, Position
from services.metrics.telemetry import Telemetry
from shared.kit.metadata import Described
from shared.kit.trouble import PassingError

log = structlog.get_logger()

Records = Mapping[TopicPartition, Sequence[ConsumerRecord]]
ADVICE = "; see StadgaPartitionRealign in docs/operations.md"


class AnotherLogError(PassingError):
    """The topic is not the log that was read so far; somebody must realign."""


class Alignment:
    """The partitions of one consumer and where it is in each."""

    def __init__(self, pool: asyncpg.Pool, telemetry: Telemetry, topic: str) -> None:
        """Nothing known yet."""
        self._pool, self._telemetry, self._topic = pool, telemetry, topic
        self.next: dict[TopicPartition, int] = {}
        self.partitions = 0
        self._reached: dict[TopicPartition, int] = {}
        self._unproven: dict[TopicPartition, bytes] = {}
        self._sought: set[TopicPartition] = set()
        self._stopped: dict[TopicPartition, str] = {}
        self._epochs: dict[int, int] = {}

    @property
    def trouble(self) -> str | None:
        """Why some partitions are not read on until somebody realigns them."""
        told = [f"partition {tp.partition}: {reason}" for tp, reason in sorted(self._stopped.items())]
        return f"{'; '.join(told)}{ADVICE}" if told else None

    @property
    def proven(self) -> dict[TopicPartition, int]:
        """Where the partitions are of which no message is to be compared before any other is read."""
        return {tp: offset for tp, offset in self.next.items() if tp not in self._unproven}

    def forget(self) -> None:
        """Ask PostgreSQL anew where every partition is."""
        self.next.clear()
        self._reached.clear()
        self._unproven.clear()
        self._sought.clear()
        self._stopped.clear()

    def spans(self, records: Records) -> list[OffsetRange]:
        """What messages that continue where the partitions are move them over."""
        return [
            OffsetRange((tp.topic, tp.partition), self.next[tp], some[-1].offset + 1, digest(some[-1]))
            for tp, some in records.items()
        ]

    def moved(self, records: Records) -> None:
        """Messages were folded."""
        self.next.update((tp, some[-1].offset + 1) for tp, some in records.items())

    def loaded(self, span: OffsetRange) -> None:
        """The messages of a span were folded."""
        self.next[TopicPartition(*span.partition)] = span.next

    async def lag(self, consumer: AIOKafkaConsumer, in_hand: Records | None = None) -> dict[TopicPartition, int]:
        """How many messages wait in each partition that is read, those ``in_hand`` too, which are yet to be written.

        The client passes over marks of transactions, and over what it has handed out.
        """
        ends = {tp: consumer.highwater(tp) for tp in consumer.assignment() & self.next.keys()}
        at = {tp: max(self.next[tp], await consumer.position(tp)) for tp, end in ends.items() if end is not None}
        at |= {tp: some[0].offset for tp, some in (in_hand or {}).items() if tp in at}
        return {tp: max(0, ends[tp] - place) for tp, place in at.items()}

    async def reach(self, consumer: AIOKafkaConsumer, lag: Mapping[TopicPartition, int]) -> None:
        """Write down where partitions are read to that have no message left, and marks of transactions at their end."""
        done = {tp: await consumer.position(tp) for tp, waiting in lag.items() if not waiting and tp in self.next}
        news = {tp: at for tp, at in done.items() if at > max(self.next[tp], self._reached.get(tp, 0))}
        if news:
            spans = [OffsetRange((tp.topic, tp.partition), self.next[tp], at) for tp, at in news.items()]
            await repository.reached(self._pool, spans)
            self._reached |= news

    async def compare(self, found: Described) -> None:
        """Compare the topic as it is with the log that was read so far; raises AnotherLogError if it is none."""
        log_found = Log(found.id, found.partitions)
        known = await repository.log_of(self._pool, self._topic, log_found)
        self.partitions = known.partitions
        if refusal := _refusal(self._topic, known, log_found):
            self._telemetry.show_apart((), range(known.partitions))
            raise AnotherLogError(refusal)
        for number, epoch in found.epochs.items():
            if self._epochs.get(number, epoch) != epoch:
                self.next.pop(TopicPartition(self._topic, number), None)
        self._epochs = dict(found.epochs)

    async def check(self, consumer: AIOKafkaConsumer) -> None:
        """Stop partitions that end before the position, and go on with those that were realigned."""
        ends = await consumer.end_offsets(list(self.next)) if self.next else {}
        for tp, end in ends.items():
            if end < self.next.get(tp, 0):
                await self._stop(tp, f"it ends at {end}, before {self.next[tp]}, where it was read to")
        if self._stopped:
            known = await self._positions(self._stopped)
            self._stopped = {tp: at.stopped for tp, at in known.items() if at.stopped}
        self._telemetry.show_apart(*([tp.partition for tp in some] for some in (self.next, self._stopped)))

    async def align(self, consumer: AIOKafkaConsumer) -> None:
        """Read each partition from where PostgreSQL is, wherever Kafka's copy and the client are.

        They are ahead of it after a restore, and after a batch was dropped; no message may come to tell.
        """
        mine = consumer.assignment()
        self.next = {tp: offset for tp, offset in self.next.items() if tp in mine}
        self._stopped = {tp: reason for tp, reason in self._stopped.items() if tp in mine}
        if unknown := mine - self.next.keys() - self._stopped.keys():
            ends, begins = await consumer.end_offsets(list(unknown)), await consumer.beginning_offsets(list(unknown))
            for tp, at in (await self._positions(unknown)).items():
                await self._set(consumer, tp, at, (begins[tp], ends[tp]))

    async def _set(self, consumer: AIOKafkaConsumer, tp: TopicPartition, at: Position, there: tuple[int, int]) -> None:
        begin, end = there
        self._unproven.pop(tp, None)
        if at.stopped:
            self._stopped[tp] = at.stopped
            return
        self.next[tp] = at.next
        if at.next > end:
            await self._stop(tp, f"it ends at {end}, before {at.next}, where it was read to")
            return
        if at.digest and at.next > begin:
            self._unproven[tp] = at.digest
        self._seek(consumer, tp)

    async def in_place(self, consumer: AIOKafkaConsumer, records: Records) -> Records:
        """The partitions whose messages continue where PostgreSQL is; the others are sent back there."""
        ready = {}
        for tp, some in records.items():
            new = await self._proven(tp, some) if tp in self.next else ()
            if new and await self._continues(consumer, tp, new[0].offset):
                ready[tp] = new
        return ready

    async def _proven(self, tp: TopicPartition, some: Sequence[ConsumerRecord]) -> Sequence[ConsumerRecord]:
        """The messages after the last one folded, once that was found to be the one that it was."""
        expected = self._unproven.get(tp)
        if expected is None or some[0].offset != self.next[tp] - 1:
            return some
        del self._unproven[tp]
        if digest(some[0]) != expected:
            await self._stop(tp, f"the message at {some[0].offset} is not the one that was read")
            return ()
        return some[1:]

    async def _continues(self, consumer: AIOKafkaConsumer, tp: TopicPartition, offset: int) -> bool:
        """Whether a message is the next one; between them may stand what transactions left, or what Kafka lost."""
        expected = self.next[tp]
        if offset == expected and tp not in self._unproven:
            self._sought.discard(tp)
            return True
        if offset >= expected and tp in self._sought:
            if (begin := (await consumer.beginning_offsets([tp]))[tp]) > expected:
                self._telemetry.gaps.inc()
                log.error("Kafka no longer has all messages", partition=tp.partition, expected=expected, first=begin)
            self._sought.discard(tp)
            self._unproven.pop(tp, None)
            return True
        if tp in self._sought:  # the client was sent to where it should read, and is elsewhere: is the log another?
            self.next.pop(tp)
            return False
        self._sought.add(tp)
        self._seek(consumer, tp)
        return False

    def rewind(self, consumer: AIOKafkaConsumer) -> None:
        """Read again what could not be written."""
        for tp in consumer.assignment() & self.next.keys():
            self._seek(consumer, tp)

    async def _stop(self, tp: TopicPartition, reason: str) -> None:
        log.error("a partition is not read on", partition=tp.partition, reason=reason)
        at = self.next.pop(tp)
        self._unproven.pop(tp, None)
        self._stopped[tp] = reason
        await repository.stop(self._pool, (tp.topic, tp.partition), at, reason)

    async def _positions(self, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, Position]:
        """What PostgreSQL says; each partition of the topic gets its row, which is what writers lock."""
        wanted = list(partitions)
        every = {(self._topic, number) for number in range(self.partitions)}
        known = await repository.positions(self._pool, every | {(tp.topic, tp.partition) for tp in wanted})
        return {tp: known[tp.topic, tp.partition] for tp in wanted}

    def _seek(self, consumer: AIOKafkaConsumer, tp: TopicPartition) -> None:
        """To the next message, or to the one before while that is to be proven."""
        with contextlib.suppress(IllegalStateError):  # the partition was taken away meanwhile
            consumer.seek(tp, self.next[tp] - (tp in self._unproven))


def digest(message: ConsumerRecord) -> bytes:
    """What tells a message from any other that may stand at its place."""
    told = repr((message.timestamp, message.key, message.value)).encode()
    return hashlib.blake2b(told, digest_size=16).digest()


def _refusal(topic: str, known: Log, found: Log) -> str | None:
    if found.partitions != known.partitions:
        return f"{topic} has {found.partitions} partitions and was read with {known.partitions}{ADVICE}"
    if known.id and found.id and found.id != known.id:
        return f"{topic} was made anew: its id is {found.id} and was {known.id}{ADVICE}"
    return None
