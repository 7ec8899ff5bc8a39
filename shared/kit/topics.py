"""Whether topics are as they must be: one that keeps messages for another time loses them, or keeps them too long."""

import asyncio

import structlog
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from shared.contracts.topics import Found, Topic, faults
from shared.kit.broker import administration
from shared.kit.health import Health
from shared.kit.settings import Settings
from shared.kit.supervisor import Task

log = structlog.get_logger()

PART = "topics"
LOOK_SECONDS = 60.0


def task(settings: Settings, topics: tuple[Topic, ...], health: Health) -> Task:
    """Looks at the topics that a service owns, now and again, and says what is wrong."""
    return Task(PART, lambda: _watch(settings, topics, health), PART)


async def _watch(settings: Settings, topics: tuple[Topic, ...], health: Health) -> None:
    told: list[str] = []
    while True:
        found = await look(settings.kafka_bootstrap_servers, topics, settings.stadga_replication)
        if found:
            health.degraded(PART, "; ".join(found))
        else:
            health.ok(PART)
        for fault in sorted(set(found) - set(told)):
            log.error("a topic is not as it must be", fault=fault)
        told = found
        await asyncio.sleep(LOOK_SECONDS)


async def look(servers: str, topics: tuple[Topic, ...], replicas: int = 1) -> list[str]:
    """What is wrong with those that exist; raises KafkaError or OSError if nobody can say."""
    async with administration(servers) as admin:
        layout = {one["topic"]: one["partitions"] for one in await admin.describe_topics()}
        there = [topic for topic in topics if topic.name in layout]
        if not there:
            return []
        answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, t.name) for t in there])
    settings = {name: dict(entry[:2] for entry in entries) for a in answers for *_, name, entries in a.resources}
    wrong: list[str] = []
    for topic in there:
        partitions = layout[topic.name]
        there_are = min(len(one["replicas"]) for one in partitions)
        wrong += faults(topic, Found(len(partitions), there_are, settings.get(topic.name, {})), replicas)
    return wrong
