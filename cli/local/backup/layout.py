"""The topics that there are: with how many partitions, and which topic each is of those that ever had its name."""

from collections.abc import Iterable

from aiokafka.client import AIOKafkaClient

from shared.contracts.tenants import Tenant
from shared.contracts.topics import Topic
from shared.kit.cluster import way_to
from shared.kit.metadata import Described, TopicMissingError, describe


async def topics_there(servers: str, tenant: Tenant, topics: Iterable[Topic]) -> dict[str, Described]:
    """Those of a tenant that exist, by name; raises KafkaError or OSError if nobody can say."""
    there: dict[str, Described] = {}
    client = AIOKafkaClient(**way_to(servers), request_timeout_ms=5_000)
    try:
        await client.bootstrap()
        for name in (tenant.topic(topic).name for topic in topics):
            try:
                there[name] = await describe(client, name)
            except TopicMissingError:
                continue
    finally:
        await client.close()
    return there
