"""Creates the topics: ``python -m cli.local.stack.topics``.

It reads KAFKA_BOOTSTRAP_SERVERS, STADGA_REPLICATION and STADGA_TENANT.
"""

import asyncio

from shared.contracts import topics
from shared.contracts.tenants import ALONE, Tenant
from shared.kit import broker
from shared.kit.logs import configure
from shared.kit.settings import Settings, load


class TopicSettings(Settings, frozen=True, kw_only=True):
    """``stadga_replication``: on how many brokers each topic is kept."""

    stadga_replication: int = 1


async def create(servers: str, replication: int = 1, tenant: Tenant = ALONE) -> None:
    """Create the topics of the contract, as they are called for a tenant, that do not exist."""
    await broker.create_topics(servers, tuple(map(tenant.topic, topics.ALL)), replication)


if __name__ == "__main__":
    settings = load(TopicSettings)
    configure("json" if settings.stadga_log == "json" else "console", "topics")
    asyncio.run(create(settings.kafka_bootstrap_servers, settings.stadga_replication, settings.tenant))
