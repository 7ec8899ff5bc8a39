"""Whoever lets the greater revision hold ends with the values that are true, whatever was committed in what order."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import msgspec
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from services.metrics.intake import repository
from services.metrics.ledger import reading as ledger
from services.metrics.ledger.term import DeposedError, begin
from shared.contracts.envelope import decode
from shared.contracts.metrics import COMPUTED, GroupComputed, MetricValue
from shared.contracts.topics import HR_EVENTS, WORKFORCE_METRICS
from shared.kit.database import pool as opened
from tests import builders as make
from tests.integration.folding import WAITING, evaluating, write
from tests.polling import until

pytestmark = pytest.mark.usefixtures("unhurried")

HELD = "lock table anomalies in share mode"
"""Lets nobody write a contradiction, and everybody read."""
WITH_ANOMALY = [make.employment_started("a", "2024-01-01"), make.employment_ended("nobody", "2024-02-01")]
WITHOUT = [make.employment_started("b", "2024-01-01")]
Place = tuple[str, str, str, str]


@pytest.fixture
async def pool(postgres: str) -> AsyncIterator[asyncpg.Pool]:
    """Connections to a fresh database, whose first partitions are known."""
    async with opened(postgres, "metrics", 8) as found:
        await repository.positions(found, [(HR_EVENTS.name, n) for n in range(3)])
        yield found


class Reader:
    """Follows the topic from where it ended: of two messages for a group and day the greater revision holds."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        """Nothing read yet."""
        self._consumer = consumer
        self.held: dict[Place, tuple[int, MetricValue]] = {}
        self.refused: list[Place] = []

    async def look(self) -> None:
        """Read what there is."""
        for records in (await self._consumer.getmany(timeout_ms=100)).values():
            for event in (decode(message.value) for message in records):
                if event.type == COMPUTED:
                    for day in msgspec.json.decode(event.data or b"", type=GroupComputed).by_day():
                        self._take(day)

    def _take(self, group: GroupComputed) -> None:
        for metric, value in group.metrics.items():
            place = group.unit, group.occupation, str(group.as_of), metric
            known = self.held.get(place, (-1, None))
            if group.revision > known[0]:
                self.held[place] = group.revision, value
            elif value != known[1]:
                self.refused.append(place)

    async def headcount(self) -> float | None:
        """Of everybody, today, as it is held."""
        await self.look()
        found = self.held.get(("*", "*", "2024-05-01", "headcount"))
        return found[1].value if found else None

    async def reaches(self, value: float) -> None:
        """Wait until the headcount is so."""

        async def is_so() -> bool:
            return await self.headcount() == value

        await until(is_so, f"a headcount of {value}, but it is {await self.headcount()}; refused: {len(self.refused)}")


@pytest.fixture
async def reader(kafka_with_topics: str) -> AsyncIterator[Reader]:
    """From the present end of the topic."""
    async with AIOKafkaConsumer(bootstrap_servers=kafka_with_topics) as consumer:
        partitions = [TopicPartition(WORKFORCE_METRICS.name, n) for n in range(WORKFORCE_METRICS.partitions)]
        consumer.assign(partitions)
        await consumer.seek_to_end(*partitions)
        yield Reader(consumer)


async def began_first_ends_last(pool: asyncpg.Pool, between: Callable[[], Awaitable[None]]) -> None:
    """Commit a batch that began after another one, call ``between``, then commit the other."""
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(HELD)
        first = asyncio.ensure_future(write(pool, WITH_ANOMALY, 0))
        await until(lambda: pool.fetch(WAITING), "the first batch to wait for the table")
        await write(pool, WITHOUT, 1)
        await between()
        await transaction.commit()
        await first


async def test_a_batch_that_began_first_and_ended_last_counts(
    pool: asyncpg.Pool, kafka_with_topics: str, reader: Reader
):
    """Both states are published, and the later one holds."""
    async with evaluating(pool, kafka_with_topics):
        await began_first_ends_last(pool, lambda: reader.reaches(1))
        await reader.reaches(2)
    assert not reader.refused


async def test_another_window_is_believed(pool: asyncpg.Pool, kafka_with_topics: str, reader: Reader):
    """A service that begins again with another window and no new batch publishes values that hold."""
    await write(pool, [make.employment_started("c", "2023-01-01"), make.employment_ended("c", "2023-09-01")], 2)
    await write(pool, WITHOUT, 1)
    async with evaluating(pool, kafka_with_topics):
        await reader.reaches(1)
    first = dict(reader.held)

    async def anew() -> bool:
        await reader.look()
        return all(reader.held[place][0] > first[place][0] for place in first)

    async with evaluating(pool, kafka_with_topics, window=90):
        await until(anew, "every value to be held anew")
    assert not reader.refused
    assert reader.held != first


async def test_the_ledger_tells_the_order_of_commits(pool: asyncpg.Pool):
    """What an answer states as its revision grows with each commit, and the later commit bears the later time."""
    told = []

    async def note() -> None:
        async with pool.acquire() as connection:
            told.append(await ledger.revision(connection))

    await began_first_ends_last(pool, note)
    await note()
    assert told == sorted(set(told))
    batches = await pool.fetch("select id, seq, at from batches order by seq")
    assert [b["id"] for b in batches] != sorted(b["id"] for b in batches)
    assert [b["at"] for b in batches] == sorted(b["at"] for b in batches)


async def test_a_leader_of_the_past_gets_no_number(pool: asyncpg.Pool):
    """Numbers grow across leaders, and whoever has been followed is told so."""
    first = await begin(pool)
    numbers = [await first.publication(), await first.publication()]
    second = await begin(pool)
    numbers.append(await second.publication())
    with pytest.raises(DeposedError):
        await first.publication()
    numbers.append(await second.publication())
    assert numbers == sorted(set(numbers))


async def test_numbers_go_on_growing_without_the_table(pool: asyncpg.Pool):
    """A schema that was emptied, or put back from an old copy, gives no number that was given before."""
    before = await (await begin(pool)).publication()
    await pool.execute("truncate publications")
    assert await (await begin(pool)).publication() > before
