"""Kafka: brokers and topics as the services need them, waiting for a cluster that is not there yet."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable
from typing import Protocol

import structlog
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    ConsumerStoppedError,
    IllegalArgumentError,
    InvalidRequestError,
    KafkaConfigurationError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    RecordTooLargeError,
    TopicAlreadyExistsError,
    UnsupportedCodecError,
)

from shared.contracts.topics import Topic
from shared.kit.cluster import way_to
from shared.kit.metadata import TopicMissingError
from shared.kit.trouble import Trouble, wording

log = structlog.get_logger()

FAULTS = (
    IllegalArgumentError,
    InvalidRequestError,
    KafkaConfigurationError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    RecordTooLargeError,
    UnsupportedCodecError,
)
"""What Kafka says of a message or of how it is used: no waiting mends it."""


def expected(error: BaseException) -> bool:
    """Whether an error is of the cluster's condition, or of our membership in a group."""
    return isinstance(error, (KafkaError, ConsumerStoppedError)) and not isinstance(error, FAULTS)


@contextlib.asynccontextmanager
async def administration(servers: str) -> AsyncIterator[AIOKafkaAdminClient]:
    """A started admin client; raises KafkaError or OSError if no broker answers."""
    admin = AIOKafkaAdminClient(**way_to(servers), request_timeout_ms=5_000)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


class Client(Protocol):
    """A consumer or a producer of aiokafka."""

    def stop(self) -> Awaitable[None]:
        """Leave the cluster."""


async def stop(client: Client, seconds: float) -> None:
    """Let a client leave, for so long at most; a broker that is gone holds nobody up.

    In a task of its own: aiokafka awaits the tasks it has cancelled, and one of them that had not begun yet raises
    CancelledError, which in the caller's task reads as an order to end.
    """
    leaving = asyncio.ensure_future(client.stop())
    try:
        await asyncio.wait([leaving], timeout=seconds)
    finally:
        leaving.cancel()
    if leaving.done() and not leaving.cancelled() and (error := leaving.exception()) and not expected(error):
        raise error


async def find(servers: str, topic: str) -> None:
    """Raises TopicMissingError if the topic does not exist, KafkaError or OSError if nobody can say."""
    async with administration(servers) as admin:
        if topic not in await admin.list_topics():
            raise TopicMissingError(f"the topic {topic} does not exist")


async def create_topics(servers: str, topics: tuple[Topic, ...], replication: int = 1, in_sync: int = 0) -> None:
    """Create the topics that do not exist, once a broker answers; those that do exist are left as they are.

    ``in_sync`` as for ``Topic.settings``.
    """
    trouble = Trouble("creating topics")
    while True:
        try:
            async with administration(servers) as admin:
                for topic in topics:
                    await _create(admin, topic, replication, in_sync)
        except (KafkaError, OSError) as error:
            if not expected(error):
                raise
            await trouble.pause(wording(error))
        else:
            return


async def _create(admin: AIOKafkaAdminClient, topic: Topic, replication: int, in_sync: int) -> None:
    settings = topic.settings(replication, in_sync)
    made = NewTopic(topic.name, topic.partitions, replication, topic_configs=settings)
    try:
        await admin.create_topics([made])
    except TopicAlreadyExistsError:
        log.info("topic exists", topic=topic.name)
