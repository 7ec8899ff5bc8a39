"""Creates the topics: ``python -m cli.local.stack.topics`` (KAFKA_BOOTSTRAP_SERVERS, STADGA_REPLICATION)."""

import asyncio

from shared.contracts import topics
from shared.kit import broker
from shared.kit.logs import configure
from shared.kit.settings import Settings, load


class TopicSettings(Settings, frozen=True, kw_only=True):
    """``stadga_replication``: on how many brokers each topic is kept."""

    stadga_replication: int = 1


async def create(servers: str, replication: int = 1) -> None:
    """Create the topics of the contract that do not exist."""
    await broker.create_topics(servers, topics.ALL, replication)


if __name__ == "__main__":
    settings = load(TopicSettings)
    configure("json" if settings.stadga_log == "json" else "console", "topics")
    asyncio.run(create(settings.kafka_bootstrap_servers, settings.stadga_replication))
