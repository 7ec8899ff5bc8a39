"""What was read of ``hr.raw`` is deleted there some hours later: it names persons, and its outcome is on Kafka.

Nothing else is: no further than to the position that the group has committed, for which Kafka has the outcomes. Any
replica does it for all partitions; that another has done it already changes nothing.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import RecordsToDelete
from aiokafka.errors import TopicAuthorizationFailedError

from shared.kit.broker import administration, stop
from shared.kit.clock import Clock
from shared.kit.cluster import way_to
from shared.kit.health import Health
from shared.kit.supervisor import Task

log = structlog.get_logger()

PART = "clearing"
ROUND_SECONDS = 600.0
_STOP_SECONDS = 5.0
Positions = Mapping[TopicPartition, int]


class Clearing:
    """Keeps one topic clear of what one group has read."""

    def __init__(self, servers: str, topic: str, group: str, hours: float, health: Health, clock: Clock) -> None:
        """Connects for each round; what is younger than ``hours`` by the broker's clock stays."""
        self._servers, self._topic, self._group = servers, topic, group
        self._age = timedelta(hours=hours)
        self._health, self._clock = health, clock

    @property
    def task(self) -> Task:
        """Goes round until the end."""
        return Task(PART, self._rounds, PART)

    async def _rounds(self) -> None:
        while True:
            self._health.hindered(PART, await self._round())
            await asyncio.sleep(ROUND_SECONDS)

    async def _round(self) -> str | None:
        """What keeps it from being cleared, if anything; raises KafkaError and OSError."""
        try:
            await clear(self._servers, self._topic, self._group, self._clock.now() - self._age)
        except TopicAuthorizationFailedError:
            return f"Kafka does not let us delete what was read of {self._topic}: the operation Delete is needed"
        return None


async def clear(servers: str, topic: str, group: str, before: datetime) -> Positions:
    """Delete what the group has read and the broker has had since before then; up to where, by partition.

    Raises KafkaError and OSError.
    """
    async with administration(servers) as admin:
        committed = {at: kept.offset for at, kept in (await admin.list_consumer_group_offsets(group)).items()}
        places = [at for at in committed if at.topic == topic]
        reached = await _reached(servers, {at: committed[at] for at in places}, before)
        if reached:
            await admin.delete_records({at: RecordsToDelete(offset) for at, offset in reached.items()})
            log.info("what was read is deleted", topic=topic, partitions=len(reached))
    return reached


async def _reached(servers: str, read: Positions, before: datetime) -> Positions:
    """Up to where each partition may go, of those that have something to delete."""
    consumer = AIOKafkaConsumer(**way_to(servers), client_id="stadga-ingest-clearing", enable_auto_commit=False)
    try:
        await consumer.start()
        begins, ends = await consumer.beginning_offsets(read), await consumer.end_offsets(read)
        since = await consumer.offsets_for_times(dict.fromkeys(read, int(before.timestamp() * 1_000)))
    finally:
        await stop(consumer, _STOP_SECONDS)
    upto = {at: min(read[at], since[at].offset if since[at] else ends[at]) for at in read}
    # a position beyond the end is of another topic that had this name: nothing is known to be read
    return {at: offset for at, offset in upto.items() if begins[at] < offset and read[at] <= ends[at]}
