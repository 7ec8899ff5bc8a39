"""A topic copied into another by key, and two topics compared."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import UnknownTopicOrPartitionError

from shared.kit import packing, reading
from shared.kit.broker import administration
from shared.kit.cluster import way_to

MOST = 5_000
"""Messages under way at a time."""
REQUEST_BYTES = 4 << 20
DIGEST_BYTES = 16

Progress = Callable[[int, int], None]
"""Told how many of how many messages have been dealt with."""


class Content(NamedTuple):
    """What a topic holds, in whichever partitions: how many messages, and the sum of their digests."""

    messages: int
    digest: int


async def partitions(admin: AIOKafkaAdminClient, topic: str) -> list[dict[str, Any]] | None:
    """Each partition of a topic as the broker describes it; None if there is no such topic."""
    return next((found["partitions"] for found in await admin.describe_topics() if found["topic"] == topic), None)


async def content(servers: str, topic: str, progress: Progress) -> Content:
    """Read a whole topic; raises KafkaError."""
    messages = digest = 0
    async for some, whole in _portions(servers, topic):
        messages += len(some)
        digest = (digest + sum(map(_digest, some))) % (1 << 8 * DIGEST_BYTES)
        progress(messages, whole)
    return Content(messages, digest)


async def copy(servers: str, source: str, target: str, into: int, progress: Progress) -> None:
    """Send every message of a topic to another of ``into`` partitions, in the order of each; raises KafkaError.

    A key leads to its partition as for any client with Java's partitioner. Messages without one stay together.
    """
    producer = AIOKafkaProducer(
        **way_to(servers),
        enable_idempotence=True,
        compression_type=packing.codec(),
        linger_ms=20,
        max_request_size=REQUEST_BYTES,
    )
    async with producer:
        done = 0
        async for some, whole in _portions(servers, source):
            confirmations = [await _send(producer, target, into, message) for message in some]
            await asyncio.gather(*confirmations)
            done += len(some)
            progress(done, whole)


async def _send(producer: AIOKafkaProducer, target: str, into: int, message: ConsumerRecord) -> asyncio.Future[object]:
    place = None if message.key is not None else message.partition % into
    confirmation: asyncio.Future[object] = await producer.send(
        target, message.value, message.key, place, message.timestamp, list(message.headers)
    )
    return confirmation


async def _portions(servers: str, topic: str) -> AsyncIterator[tuple[list[ConsumerRecord], int]]:
    """The messages there are now, and how many in all; raises UnknownTopicOrPartitionError."""
    async with administration(servers) as admin:
        layout = await partitions(admin, topic)
    if layout is None:
        raise UnknownTopicOrPartitionError(topic)
    every = [TopicPartition(topic, one["partition"]) for one in layout]
    reading.tolerate()
    consumer = AIOKafkaConsumer(**way_to(servers), auto_offset_reset="earliest", isolation_level="read_committed")
    async with consumer:
        ends, begins = await consumer.end_offsets(every), await consumer.beginning_offsets(every)
        whole = sum(ends[tp] - begins[tp] for tp in every)
        left = {tp for tp in every if ends[tp] > begins[tp]}
        consumer.assign(list(left))
        while left:
            found = await consumer.getmany(timeout_ms=500, max_records=MOST)
            yield [m for tp, some in found.items() for m in some if m.offset < ends[tp]], whole
            left = {tp for tp in left if await consumer.position(tp) < ends[tp]}


def _digest(message: ConsumerRecord) -> int:
    told = repr((message.timestamp, message.key, message.value, message.headers)).encode()
    return int.from_bytes(hashlib.blake2b(told, digest_size=DIGEST_BYTES).digest(), "big")
