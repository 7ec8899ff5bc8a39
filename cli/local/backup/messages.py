"""The messages of topics: written as they stand, put back in their order, and compared."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from cli.local.backup.blocks import Writer, blocks
from cli.local.backup.manifest import Partition
from shared.kit import broker, packing, reading
from shared.kit.cluster import way_to

MOST = 5_000
"""Messages under way at a time."""
REQUEST_BYTES = 4 << 20
SECONDS = 5.0
"""That a client may take to leave."""

Span = tuple[int, int]
"""The first offset that is there, and the one that the next message gets."""


class Message(msgspec.Struct, frozen=True, array_like=True):
    """A message and the offset that it had."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]

    def same(self, other: "Message") -> bool:
        """Whether two are alike but for their places."""
        return msgspec.structs.replace(self, offset=other.offset) == other


@asynccontextmanager
async def reader(servers: str, group: str | None = None) -> AsyncIterator[AIOKafkaConsumer]:
    """A client that reads what it is told to, and speaks for ``group``; raises KafkaError."""
    reading.tolerate()
    told = {"auto_offset_reset": "earliest", "isolation_level": "read_committed", "enable_auto_commit": False}
    consumer = AIOKafkaConsumer(**way_to(servers), **told, group_id=group)
    try:
        await consumer.start()
        yield consumer
    finally:
        await broker.stop(consumer, SECONDS)


@asynccontextmanager
async def sender(servers: str) -> AsyncIterator[AIOKafkaProducer]:
    """A client that sends each message once, in order; raises KafkaError."""
    how = {"enable_idempotence": True, "compression_type": packing.codec(), "max_request_size": REQUEST_BYTES}
    producer = AIOKafkaProducer(**way_to(servers), **how, linger_ms=20)
    try:
        await producer.start()
        yield producer
    finally:
        await broker.stop(producer, SECONDS)


async def spans(consumer: AIOKafkaConsumer, topic: str, partitions: int) -> list[Span]:
    """What each partition holds now."""
    every = [TopicPartition(topic, number) for number in range(partitions)]
    begins, ends = await consumer.beginning_offsets(every), await consumer.end_offsets(every)
    return [(begins[tp], ends[tp]) for tp in every]


async def dump(
    consumer: AIOKafkaConsumer, tp: TopicPartition, span: Span, folder: Path, *, compacted: bool = False
) -> Partition:
    """Write what a partition held when it was asked; of a ``compacted`` one what is in force: brokers drop the rest."""
    writer, count = Writer(folder, f"topics/{tp.topic}/{tp.partition}.zst"), 0
    last = await _last(consumer, tp, span) if compacted else {}
    async for every in _read(consumer, tp, span):
        some = [one for one in every if not compacted or (last[one.key] == one.offset and one.value is not None)]
        writer.block(msgspec.msgpack.encode(some))
        count += len(some)
    return Partition(tp.partition, *span, count, writer.close())


async def _last(consumer: AIOKafkaConsumer, tp: TopicPartition, span: Span) -> dict[bytes | None, int]:
    """By key the offset of the message that is in force."""
    return {one.key: one.offset async for some in _read(consumer, tp, span) for one in some}


def kept(folder: Path, part: Partition) -> Iterator[Message]:
    """The messages of a partition in a backup whose checksums were compared."""
    decoder = msgspec.msgpack.Decoder(list[Message])
    for block in blocks(folder / part.file.name):
        yield from decoder.decode(block)


def after(messages: Iterator[Message], there: int) -> Iterator[Message]:
    """Those that follow the first ``there``."""
    return islice(messages, there, None)


async def begun(consumer: AIOKafkaConsumer, tp: TopicPartition, span: Span, messages: Iterator[Message]) -> bool:
    """Whether a partition holds the first of these messages and nothing else; the broker may have let go of some."""
    passed = islice(messages, span[0], None)
    async for some in _read(consumer, tp, span):
        for found in some:
            expected = next(passed, None)
            if expected is None or not found.same(expected):
                return False
    return True


async def put(
    producer: AIOKafkaProducer, tp: TopicPartition, messages: Iterator[Message], done: Callable[[int], None]
) -> None:
    """Send messages to a partition, as they were; ``done`` is told how many more were confirmed."""
    while some := list(islice(messages, MOST)):
        sent = [
            await producer.send(tp.topic, one.value, one.key, tp.partition, one.timestamp, list(one.headers))
            for one in some
        ]
        await asyncio.gather(*sent)
        done(len(some))


async def _read(consumer: AIOKafkaConsumer, tp: TopicPartition, span: Span) -> AsyncIterator[Sequence[Message]]:
    first, end = span
    if first >= end:
        return
    consumer.assign([tp])
    consumer.seek(tp, first)
    while await consumer.position(tp) < end:
        found = await consumer.getmany(timeout_ms=500, max_records=MOST)
        if some := [_message(record) for records in found.values() for record in records if record.offset < end]:
            yield some


def _message(record: ConsumerRecord) -> Message:
    return Message(record.offset, record.timestamp, record.key, record.value, tuple(map(tuple, record.headers)))
