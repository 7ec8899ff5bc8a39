"""Creates the topics: ``python -m cli.local.stack.topics`` (see ``TopicSettings``)."""

import asyncio
from typing import Annotated

from msgspec import Meta

from shared.contracts.tenants import ALONE, Tenant
from shared.contracts.topics import ALL, HR_EVENTS, HR_RAW, Topic
from shared.kit import broker, cluster
from shared.kit.logs import configure
from shared.kit.settings import Settings, SettingsError, load


class TopicSettings(Settings, frozen=True, kw_only=True):
    """``stadga_partitions``: how many hr.raw and hr.events are made with; ``stadga_min_insync_replicas``: how many
    brokers must hold a message before it is acknowledged (0: two of three or more, else one).
    """

    stadga_partitions: Annotated[int, Meta(ge=1, le=1_000)] = HR_EVENTS.partitions
    stadga_min_insync_replicas: Annotated[int, Meta(ge=0)] = 0


async def create(servers: str, replication: int = 1, tenant: Tenant = ALONE) -> None:
    """Create the topics of the contract, as they are called for a tenant, that do not exist."""
    await broker.create_topics(servers, tuple(map(tenant.topic, ALL)), replication)


def main(settings: TopicSettings) -> None:
    """Create what is missing, as the settings say; raises SettingsError."""
    cluster.check(settings)
    copies, in_sync = settings.stadga_replication, settings.stadga_min_insync_replicas
    if in_sync > copies:
        raise SettingsError(f"STADGA_MIN_INSYNC_REPLICAS={in_sync}: more than STADGA_REPLICATION={copies}")
    made = tuple(settings.tenant.topic(_sized(topic, settings.stadga_partitions)) for topic in ALL)
    asyncio.run(broker.create_topics(settings.kafka_bootstrap_servers, made, copies, in_sync))


def _sized(topic: Topic, partitions: int) -> Topic:
    """The topics of events may have any number; those of values and alerts are read in the order that theirs gives."""
    return topic._replace(partitions=partitions) if topic in (HR_RAW, HR_EVENTS) else topic


if __name__ == "__main__":
    try:
        told = load(TopicSettings)
        configure("json" if told.stadga_log == "json" else "console", "topics")
        main(told)
    except SettingsError as error:
        raise SystemExit(f"topics: {error}") from None
