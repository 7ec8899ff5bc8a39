"""A topic in batches on a real Kafka: what fails for a while is taken again, a fault stops all before it skips any."""

import contextlib
import gzip
from collections.abc import Awaitable, Callable
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.consumer.fetcher import Fetcher
from aiokafka.errors import CorruptRecordException
from prometheus_client import CollectorRegistry

from shared.kit.batches import FIRST, Batches, Records, Subscription
from shared.kit.broker import administration
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.supervisor import Supervisor
from tests.polling import until
from tests.records import batch, produce, record

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
    """Takes a topic three messages at a time, or as many as ``most``."""

    def __init__(self, kafka: str, topic: str, take: Callable[[Records], Awaitable[None]], most: int = 3) -> None:
        """``take`` deals with a batch."""
        self._kafka, self._group = kafka, f"group-{topic}"
        self.health = Health(Clock(ZoneInfo("UTC")), topic)
        self._task = Batches(kafka, Subscription(topic, self._group, most), take, lambda _: None, self.health).task
        self._supervisor = Supervisor(self.health, CollectorRegistry())

    async def run(self, done: Callable[[], object]) -> None:
        """Read until it is done."""
        async with self._supervisor.running(self._task):
            await until(done, "the messages to be taken")

    async def committed(self) -> list[int]:
        """The group's positions."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self._kafka)
        await admin.start()
        try:
            return [at.offset for at in (await admin.list_consumer_group_offsets(self._group)).values()]
        finally:
            await admin.close()


@pytest.mark.parametrize(("length", "longest"), [(900_000, FIRST), (10, MESSAGES)])
async def test_long_messages_come_in_short_batches(kafka: str, topic: str, length: int, longest: int):
    """Of short ones as many come at once as may; what long ones take in memory is bounded by their length."""
    batches: list[int] = []

    async def take(records: Records) -> None:
        batches.append(len(records))

    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        for _ in range(MESSAGES):
            await producer.send_and_wait(topic, bytes(length))
    await Reader(kafka, topic, take, most=MESSAGES).run(lambda: sum(batches) == 2 * MESSAGES)
    assert batches[0] <= FIRST
    assert max(batches[2:]) <= longest


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


async def test_what_no_client_writes(kafka: str, topic: str):
    """Names that are no text, attributes that say something, rubbish behind packed records: each message is taken."""
    taken: list[bytes | None] = []

    async def take(records: Records) -> None:
        taken.extend(record.value for record in records)

    records = [
        record(b"name", 0, [(b"\xff\xfe", b"1")]),
        record(b"attributes", 1, attributes=0x80),
        record(b"whole", 2),
    ]
    packed = gzip.compress(record(b"packed"))
    batches = [batch(b"".join(records), 3), batch(packed + b"xxxx", 1, 1), batch(record(b"last"), 1)]
    await produce(kafka, topic, batches)
    await Reader(kafka, topic, take).run(lambda: len(taken) >= MESSAGES + 5)
    assert taken[MESSAGES:] == [b"name", b"attributes", b"whole", b"packed", b"last"]


async def test_what_a_transaction_took_back(kafka: str, topic: str):
    """It was never sent; what was committed is taken, and what was sent after it."""
    taken: list[bytes | None] = []

    async def take(records: Records) -> None:
        taken.extend(record.value for record in records)

    async with AIOKafkaProducer(bootstrap_servers=kafka, transactional_id=topic) as producer:
        with contextlib.suppress(LookupError):
            async with producer.transaction():
                await producer.send_and_wait(topic, b"taken back")
                raise LookupError
        async with producer.transaction():
            await producer.send_and_wait(topic, b"committed")
    await Reader(kafka, topic, take).run(lambda: len(taken) >= MESSAGES + 1)
    assert taken[MESSAGES:] == [b"committed"]


async def test_a_poll_that_fails_loses_nothing(kafka: str, monkeypatch: pytest.MonkeyPatch):
    """The client throws away what it read of other partitions, and has moved past it: all of it is taken."""
    topic, taken, polls = f"batches-{uuid4().hex}", set[bytes](), 0
    fetched = Fetcher.fetched_records

    async def fails_at_times(self: Fetcher, *asked: object, **more: object) -> object:
        nonlocal polls
        polls += 1
        found = await fetched(self, *asked, **more)
        if found and polls % 2:
            raise CorruptRecordException(topic)
        return found

    async def take(records: Records) -> None:
        taken.update(record.value for record in records)

    monkeypatch.setattr(Fetcher, "fetched_records", fails_at_times)
    async with administration(kafka) as admin:
        await admin.create_topics([NewTopic(topic, 3, 1)])
    sent = {b"%d" % n for n in range(MESSAGES)}
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        for value in sent:
            await producer.send(topic, value)
        await producer.flush()
    await Reader(kafka, topic, take).run(lambda: taken == sent)
