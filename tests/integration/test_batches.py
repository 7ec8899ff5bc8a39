"""A topic in batches on a real Kafka: what fails for a while is taken again, a fault stops all before it skips any."""

from collections.abc import Awaitable, Callable
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from prometheus_client import CollectorRegistry

from shared.kit.batches import Batches, Records, Subscription
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.supervisor import Supervisor
from tests.header_names import HeaderName, any_header_names
from tests.polling import until

MESSAGES = 20


@pytest.fixture
async def topic(kafka: str) -> str:
    """A topic of the test's own with some messages."""
    name = f"batches-{uuid4().hex}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_topics([NewTopic(name, 1, 1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        for number in range(MESSAGES):
            await producer.send_and_wait(name, b"%d" % number)
    return name


class Reader:
    """Takes a topic three messages at a time."""

    def __init__(self, kafka: str, topic: str, take: Callable[[Records], Awaitable[None]]) -> None:
        """``take`` deals with a batch."""
        self._kafka, self._group = kafka, f"group-{topic}"
        self.health = Health(Clock(ZoneInfo("UTC")), topic)
        self._task = Batches(kafka, Subscription(topic, self._group, 3), take, lambda _: None, self.health).task
        self._supervisor = Supervisor(self.health, CollectorRegistry())

    async def run(self, done: Callable[[], object]) -> None:
        """Read until it is done."""
        async with self._supervisor.running(self._task):
            await until(done, "the messages to be taken", 90)

    async def committed(self) -> list[int]:
        """The group's positions."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self._kafka)
        await admin.start()
        try:
            return [at.offset for at in (await admin.list_consumer_group_offsets(self._group)).values()]
        finally:
            await admin.close()


async def test_what_fails_for_a_while_is_taken_again(kafka: str, topic: str):
    """Each batch fails once as a database does that is away: every message is taken, in order, and none twice."""
    taken: list[bytes] = []
    failed: set[int] = set()

    async def take(records: Records) -> None:
        if records[0].offset not in failed:
            failed.add(records[0].offset)
            raise ConnectionResetError("away")
        taken.extend(record.value for record in records)

    reader = Reader(kafka, topic, take)
    await reader.run(lambda: len(taken) == MESSAGES)
    assert taken == [b"%d" % number for number in range(MESSAGES)]
    assert reader.health.ended is None


async def test_fault_stops_before_anything_is_skipped(kafka: str, topic: str):
    """A fault of the code at the seventh message: the process must end, and nothing behind it is committed."""

    async def take(records: Records) -> None:
        if any(record.value == b"7" for record in records):
            raise KeyError("seven")

    reader = Reader(kafka, topic, take)
    await reader.run(lambda: reader.health.ended)
    assert str(reader.health.ended) == f"the task {topic} has ended: KeyError: 'seven'"
    assert all(offset <= 7 for offset in await reader.committed())


@pytest.mark.parametrize("compression", [None, "lz4"])
async def test_header_names_of_any_bytes(kafka: str, topic: str, compression: str | None):
    """What stands around a message whose header name is no UTF-8 is taken, and so is the message itself."""
    taken: list[tuple[bytes, tuple[tuple[str, bytes], ...]]] = []

    async def take(records: Records) -> None:
        taken.extend((record.value, record.headers) for record in records)

    with any_header_names():
        async with AIOKafkaProducer(bootstrap_servers=kafka, linger_ms=100, compression_type=compression) as producer:
            for name in (b"before", b"\xff\xfe\x80", b"after"):
                await producer.send(topic, name, headers=[(HeaderName(name), b"1")])
    await Reader(kafka, topic, take).run(lambda: len(taken) >= MESSAGES + 3)
    assert taken[MESSAGES:] == [
        (b"before", (("before", b"1"),)),
        (b"\xff\xfe\x80", (("\\xff\\xfe\\x80", b"1"),)),
        (b"after", (("after", b"1"),)),
    ]
