"""What was read of a topic is deleted, and nothing else: on a real broker, whoever else reads it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from services.ingest.clearing import ROUND_SECONDS, clear
from services.ingest.settings import MOST_HOURS
from shared.contracts.topics import HR_RAW, Topic
from shared.kit.broker import create_topics
from tests.integration.ingesting import reading

MESSAGES = 10
YEAR_AHEAD = datetime.now(UTC) + timedelta(days=365)
"""Later than any message: all that was read may go."""


class Read(NamedTuple):
    """A topic of two partitions with messages in each, and a group."""

    servers: str
    topic: Topic
    group: str

    async def commit(self, **upto: int) -> None:
        """As ingest does: the group goes on from there in these partitions (``p0=…``)."""
        offsets = {TopicPartition(self.topic.name, int(name[1:])): offset for name, offset in upto.items()}
        consumer = AIOKafkaConsumer(bootstrap_servers=self.servers, group_id=self.group, enable_auto_commit=False)
        consumer.assign(list(offsets))
        async with consumer:
            await consumer.commit(offsets)

    async def clear(self, before: datetime = YEAR_AHEAD) -> list[int]:
        """One round; up to where each partition was cleared."""
        reached = await clear(self.servers, self.topic.name, self.group, before)
        return [reached.get(TopicPartition(self.topic.name, number), -1) for number in range(2)]

    async def left(self) -> list[list[int]]:
        """The offsets that can be read of each partition."""
        async with reading(self.servers, self.topic) as consumer:
            places = sorted(consumer.assignment())
            begins, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
        return [list(range(begins[at], ends[at])) for at in places]


@pytest.fixture
async def read(kafka: str) -> Read:
    """Made as hr.raw is; every message says that it is a year old, or will be sent in a year."""
    name = uuid4().hex
    topic = HR_RAW._replace(name=f"raw.{name}", partitions=2)
    await create_topics(kafka, (topic,))
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all") as producer:
        for number in range(2 * MESSAGES):
            said = datetime.now(UTC) + timedelta(days=365 * (-1) ** (number // 2))
            at = int(said.timestamp() * 1_000)
            await producer.send(topic.name, b"%d" % number, partition=number % 2, timestamp_ms=at)
        await producer.flush()
    return Read(kafka, topic, f"group.{name}")


ALL = list(range(MESSAGES))


async def test_what_was_read_goes_and_what_was_not_stays(read: Read):
    """Of one partition some was read, of the other nothing; then all of both."""
    await read.commit(p0=7)
    assert await read.clear() == [7, -1]
    assert await read.left() == [ALL[7:], ALL]
    await read.commit(p0=MESSAGES, p1=MESSAGES)
    assert await read.clear() == [MESSAGES, MESSAGES]
    assert await read.left() == [[], []]


async def test_again_there_is_nothing_to_do(read: Read):
    """Nor for another replica that comes at the same moment."""
    await read.commit(p0=7, p1=3)
    assert [7, 3] in await asyncio.gather(read.clear(), read.clear())
    assert await read.clear() == [-1, -1]
    assert await read.left() == [ALL[7:], ALL[3:]]


async def test_nothing_that_was_read_lately_goes(read: Read):
    """By the broker's clock, whatever the senders said: some of it was sent a year ago, or in a year."""
    await read.commit(p0=7, p1=MESSAGES)
    assert await read.clear(datetime.now(UTC) - timedelta(hours=1)) == [-1, -1]
    assert await read.left() == [ALL, ALL]


async def test_nothing_goes_by_what_another_group_has_read(read: Read):
    """Another tenant's ingest, or a tool that looks."""
    await read._replace(group=f"{read.group}.other").commit(p0=MESSAGES, p1=MESSAGES)
    assert await read.clear() == [-1, -1]
    assert await read.left() == [ALL, ALL]


async def test_a_position_beyond_the_end_says_nothing(read: Read):
    """It is of another topic of this name: what stands here now nobody has read."""
    await read.commit(p0=MESSAGES + 1, p1=2)
    assert await read.clear() == [-1, 2]
    assert await read.left() == [ALL, ALL[2:]]


async def test_read_anew_is_not_read(read: Read):
    """Who set the group back wants what is left there."""
    await read.commit(p0=7)
    await read.commit(p0=2)
    assert await read.clear() == [2, -1]
    assert await read.left() == [ALL[2:], ALL]


async def test_a_message_that_is_not_committed_yet_stays(read: Read):
    """One of a transaction that is still open stands behind all that can have been read."""
    async with AIOKafkaProducer(bootstrap_servers=read.servers, transactional_id=read.group) as producer:
        async with producer.transaction():
            await producer.send_and_wait(read.topic.name, b"open", partition=0)
            await read.commit(p0=MESSAGES)
            assert await read.clear() == [MESSAGES, -1]
        assert (await read.left())[0][0] == MESSAGES


async def test_where_there_is_no_topic_there_is_nothing(kafka: str):
    """The part of the consumer says that it is missing."""
    assert await clear(kafka, "missing", "nobody", YEAR_AHEAD) == {}


def test_a_day_is_enough():
    """The longest that may be set, a round that was just over, and one that waits for a broker and fails."""
    assert MOST_HOURS * 3_600 + 3 * ROUND_SECONDS < 86_400
