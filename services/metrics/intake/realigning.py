"""Reading ``hr.events`` anew when its log is not the one that was read: what is known already changes nothing."""

from typing import NamedTuple

from aiokafka.client import AIOKafkaClient

from services.metrics.intake import repository
from services.metrics.intake.repository import Log
from shared.contracts.tenants import ALONE, Tenant
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


async def realign(servers: str, url: str, tenant: Tenant = ALONE) -> Realigned:
    """Have the partitions that were stopped, or all of a log made anew, read from the start.

    Services may run meanwhile. Raises KafkaError, TopicMissingError, TimeoutError, or an error of asyncpg.
    """
    topic = tenant.topic(HR_EVENTS).name
    client = AIOKafkaClient(**way_to(servers), request_timeout_ms=5_000)
    try:
        await client.bootstrap()
        found = await within(describe(client, topic), SECONDS)
    finally:
        await client.close()
    async with database.pool(url, "metrics", 1, tenant) as pool, pool.acquire() as connection:
        parts = await repository.realign(connection, topic, Log(found.id, found.partitions))
    return Realigned(parts, found.partitions)
