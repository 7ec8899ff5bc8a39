"""The end of ``hr.rejected``, read when somebody asks: what was refused lately, without the bytes of it.

Ingest keeps nothing, and the topic has 30 days; so much of it is read as an answer may take. One question at a time.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple

import msgspec
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from shared.contracts.rejections import Kept
from shared.contracts.tenants import ALONE, Tenant
from shared.contracts.topics import HR_REJECTED
from shared.kit import reading
from shared.kit.broker import stop
from shared.kit.cluster import way_to
from shared.kit.trouble import PassingError

LOOKED_AT = 2_000
"""Records of each partition, at the most."""
SECONDS = 15.0
_AT_ONCE = 200
_decoder = msgspec.json.Decoder(Kept)


class TailError(PassingError):
    """Kafka does not answer, or not in time."""


class Lately(NamedTuple):
    """Refusals, the latest first; all since ``since``, or all there are."""

    rejections: list[Kept]
    since: datetime | None


class Tail:
    """Reads without a group, so that it leaves no trace."""

    def __init__(self, servers: str, tenant: Tenant = ALONE) -> None:
        """Connects when it is asked; the topic is that of ``tenant``, and what is of another there is passed over."""
        self._tenant, self._topic = tenant, tenant.topic(HR_REJECTED).name
        self._servers = servers
        self._turn = asyncio.Lock()

    async def lately(self) -> Lately:
        """What was refused lately; raises TailError."""
        try:
            async with asyncio.timeout(SECONDS), self._turn, self._consumer() as consumer:
                return await _read(consumer, self._tenant)
        except (KafkaError, OSError, TimeoutError) as error:
            raise TailError(f"{self._topic} cannot be read now ({type(error).__name__})") from error

    @asynccontextmanager
    async def _consumer(self) -> AsyncIterator[AIOKafkaConsumer]:
        reading.tolerate()
        consumer = AIOKafkaConsumer(
            self._topic,
            **way_to(self._servers),
            client_id="stadga-ingest-tail",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        try:
            await consumer.start()
            yield consumer
        finally:
            await stop(consumer, SECONDS)


async def _read(consumer: AIOKafkaConsumer, tenant: Tenant) -> Lately:
    places = consumer.assignment()
    ends, begins = await consumer.end_offsets(places), await consumer.beginning_offsets(places)
    starts = {at: max(begins[at], ends[at] - LOOKED_AT) for at in places}
    for at, offset in starts.items():
        consumer.seek(at, offset)
    found = [one async for one in _records(consumer, {at for at in places if starts[at] < ends[at]}, ends)]
    cut = {at.partition for at in places if starts[at] > begins[at]}
    since = max((_first(found, partition) for partition in cut), default=None)
    own = (one for _, one in found if tenant.owns(one.tenant))
    kept = sorted(own, key=lambda one: one.received, reverse=True)
    return Lately([one for one in kept if since is None or one.received >= since], since)


def _first(found: Iterable[tuple[int, Kept]], partition: int) -> datetime:
    return min(one.received for of, one in found if of == partition)


async def _records(
    consumer: AIOKafkaConsumer, left: set[TopicPartition], ends: dict[TopicPartition, int]
) -> AsyncIterator[tuple[int, Kept]]:
    while left:
        some = await consumer.getmany(*left, timeout_ms=500, max_records=_AT_ONCE)
        for at, records in some.items():
            for record in records:
                if record.offset < ends[at] and (kept := _kept(record)):
                    yield at.partition, kept
        left = {at for at in left if await consumer.position(at) < ends[at]}
        await asyncio.sleep(0)


def _kept(record: ConsumerRecord) -> Kept | None:
    """What a record says; None of one that is none of ours."""
    try:
        return _decoder.decode(record.value or b"")
    except msgspec.MsgspecError:
        return None
