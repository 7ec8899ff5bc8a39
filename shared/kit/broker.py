"""Kafka: brokers and topics as the services need them, waiting for a cluster that is not there yet."""

import asyncio

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError
from faststream.kafka import KafkaBroker

from shared.contracts.topics import Topic

log = structlog.get_logger()

ANSWER_SECONDS = 5.0
"""How long a broker may take to say what topics there are."""


def broker(servers: str, client: str) -> KafkaBroker:
    """A broker whose producer is idempotent and waits for every in-sync replica."""
    return KafkaBroker(
        servers.split(","),
        client_id=client,
        apply_types=False,
        allow_auto_create_topics=False,
        acks="all",
        enable_idempotence=True,
        linger_ms=5,
        max_batch_size=262_144,
        compression_type="lz4",
        logger=None,
        graceful_timeout=15,
    )


async def wait_for_kafka(servers: str) -> AIOKafkaAdminClient:
    """A started admin client; waits, and says so, until a broker answers."""
    delay = 0.2
    while True:
        admin = AIOKafkaAdminClient(bootstrap_servers=servers.split(","), request_timeout_ms=5_000)
        try:
            await admin.start()
        except (KafkaError, OSError) as error:
            await admin.close()
            log.warning("waiting for Kafka", servers=servers, reason=str(error) or type(error).__name__)
            await asyncio.sleep(delay)
            delay = min(delay * 2, 5)
        else:
            return admin


async def problem(producer: AIOKafkaProducer, *topics: Topic) -> str | None:
    """What keeps the cluster from taking messages for these topics, as its metadata tell; None: nothing."""
    names = {topic.name for topic in topics}
    for name in names:
        producer.client.add_topic(name)
    try:
        answered = await asyncio.wait_for(producer.client.force_metadata_update(), ANSWER_SECONDS)
    except (TimeoutError, KafkaError):
        answered = False
    if not answered:
        return "no broker answers"
    missing = names - producer.client.cluster.topics()
    return f"no topic {', '.join(sorted(missing))}" if missing else None


async def create_topics(servers: str, topics: tuple[Topic, ...], replication: int = 1) -> None:
    """Create the topics that do not exist; those that do are left as they are."""
    admin = await wait_for_kafka(servers)
    try:
        for topic in topics:
            await _create(admin, topic, replication)
    finally:
        await admin.close()


async def _create(admin: AIOKafkaAdminClient, topic: Topic, replication: int) -> None:
    config = {"retention.ms": str(topic.retention_ms)}
    try:
        await admin.create_topics([NewTopic(topic.name, topic.partitions, replication, topic_configs=config)])
    except TopicAlreadyExistsError:
        log.info("topic exists", topic=topic.name)
