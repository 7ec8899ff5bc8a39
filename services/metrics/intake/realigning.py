"""Reading ``hr.events`` anew when its log is not the one that was read: what is known already changes nothing."""

from typing import NamedTuple

from aiokafka.client import AIOKafkaClient

from services.metrics.intake import repository
from services.metrics.intake.repository import Log
from shared.contracts.topics import HR_EVENTS
from shared.kit import database
from shared.kit.cluster import way_to
from shared.kit.metadata import describe
from shared.kit.waiting import within

SECONDS = 30


class Realigned(NamedTuple):
    """The partitions that are read from their start, and how many the topic has."""

    partitions: list[int]
    of: int


async def realign(servers: str, url: str) -> Realigned:
    """Have the partitions that were stopped, or all of a log made anew, read from the start.

    Services may run meanwhile. Raises KafkaError, TopicMissingError, TimeoutError, or an error of asyncpg.
    """
    client = AIOKafkaClient(**way_to(servers), request_timeout_ms=5_000)
    try:
        await client.bootstrap()
        found = await within(describe(client, HR_EVENTS.name), SECONDS)
    finally:
        await client.close()
    async with database.pool(url, "metrics", 1) as pool, pool.acquire() as connection:
        parts = await repository.realign(connection, HR_EVENTS.name, Log(found.id, found.partitions))
    return Realigned(parts, found.partitions)
