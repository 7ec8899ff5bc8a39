"""Batches of Kafka's format made by hand, and sent as they are: what no client that follows the rules writes."""

import struct
from collections.abc import Iterable, Sequence

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.record.util import calc_crc32c

Header = tuple[bytes, bytes | None]
NOBODY = -1
"""Producer, epoch and sequence of a batch that is of no idempotent producer."""


def number(value: int) -> bytes:
    """A number of variable length."""
    left, written = (value << 1) ^ (value >> 63), bytearray()
    while left > 0x7F:
        written.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([*written, left])


def field(value: bytes | None) -> bytes:
    """Bytes with their length before them."""
    return number(-1) if value is None else number(len(value)) + value


def record(
    value: bytes | None,
    place: int = 0,
    headers: Iterable[Header] = (),
    *,
    key: bytes | None = None,
    attributes: int = 0,
) -> bytes:
    """A record at a place of its batch, counted from 0."""
    told = [field(name) + field(held) for name, held in headers]
    body = bytes([attributes]) + number(0) + number(place) + field(key) + field(value) + number(len(told))
    return field(body + b"".join(told))


def batch(records: bytes, messages: int, codec: int = 0, first: int = 0) -> bytes:
    """A batch of records that are packed already, if at all."""
    told = struct.pack(">hiqqqhii", codec, messages - 1, 0, 0, NOBODY, NOBODY, NOBODY, messages) + records
    body = struct.pack(">ibI", -1, 2, calc_crc32c(told)) + told
    return struct.pack(">qi", first, len(body)) + body


async def produce(servers: str, topic: str, batches: Sequence[bytes], partition: int = 0) -> None:
    """Have the broker append each batch; raises AssertionError if it refuses one."""
    async with AIOKafkaProducer(bootstrap_servers=servers) as producer:
        await producer.partitions_for(topic)
        leader = producer.client.cluster.leader_for_partition(TopicPartition(topic, partition))
        for one in batches:
            answer = await producer.client.send(leader, ProduceRequest(None, -1, 10_000, [(topic, [(partition, one)])]))
            [(_, [(_, error, *_)])] = answer.topics
            assert not error, error
