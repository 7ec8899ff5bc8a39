"""Midnight in a service that runs: the new day's values are published, those known before are not sent again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import msgspec
from aiokafka import AIOKafkaConsumer
from prometheus_client import CollectorRegistry

from services.metrics import repository
from services.metrics.domain.memory import Memory, by_subject
from services.metrics.domain.tally import Tally
from services.metrics.evaluator import Evaluator
from services.metrics.exposition import Exposition
from services.metrics.repository import Addition, Cells
from services.metrics.settings import MetricsSettings
from services.metrics.telemetry import Telemetry
from shared.contracts.metrics import GroupComputed
from shared.contracts.topics import WORKFORCE_METRICS
from shared.kit.clock import Clock
from shared.kit.database import pool
from shared.kit.health import Health
from shared.kit.supervisor import Supervisor
from tests import builders as make
from tests.polling import until
from tests.unit.metrics.folding import received

EVENING = datetime(2024, 6, 30, 20, tzinfo=UTC)
LOG = [
    *(make.employment_started(f"p{n}", "2022-01-01", "u1") for n in range(20)),
    make.employment_started("leaver", "2022-01-01", "u1"),
    make.employment_ended("leaver", "2024-06-30"),
]


class Day:
    """A clock's reading, to be moved on."""

    def __init__(self) -> None:
        """The evening of a month's last day."""
        self.now = EVENING

    def read(self) -> datetime:
        """The instant."""
        return self.now


async def taken_in(opened: asyncpg.Pool) -> None:
    """The log is in the ledger."""
    memory, tally = Memory(), Tally()
    memory.fold(by_subject(map(received, LOG)), tally)
    facts = tally.facts()
    numbers = await Cells(opened).numbers(fact.cell for fact in facts)
    async with opened.acquire() as connection, connection.transaction():
        await repository.append(connection, numbers, Addition(len(LOG), facts, {}, (), memory.definitions))


@asynccontextmanager
async def evaluating(kafka: str, database: str, day: Day) -> AsyncIterator[Exposition]:
    """An evaluator on that clock, and what Prometheus sees of it."""
    settings = MetricsSettings(kafka_bootstrap_servers=kafka, database_url=database)
    clock, registry = Clock(ZoneInfo("Europe/Stockholm"), read=day.read), CollectorRegistry()
    exposition, health = Exposition(registry), Health(clock, "evaluation")
    async with pool(database, "metrics") as opened:
        await taken_in(opened)
        work = Evaluator(settings, opened, Telemetry(registry), exposition, health, clock, lambda: False)
        async with Supervisor(health, registry).running(work.task, seconds=20):
            yield exposition


async def published(kafka: str) -> list[GroupComputed]:
    """Everything on workforce.metrics now."""
    consumer = AIOKafkaConsumer(WORKFORCE_METRICS.name, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        ends, found = await consumer.end_offsets(consumer.assignment()), []
        while any([await consumer.position(part) < end for part, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += [msgspec.json.decode(msgspec.json.decode(r.value, type=Carried).data) for r in records]
    finally:
        await consumer.stop()
    return msgspec.convert(found, list[GroupComputed])


class Carried(msgspec.Struct):
    """The data of an event."""

    data: msgspec.Raw


async def test_midnight(kafka_with_topics: str, postgres: str):
    """The leaver is gone, only days nobody knew are sent, and the days before keep their values."""
    day = Day()
    async with evaluating(kafka_with_topics, postgres, day) as shown:
        people = b'stadga_headcount_people{unit="u1",occupation="*"} %s\n'
        await until(lambda: people % b"21.0" in b"".join(shown.business()), "the evening's headcount")
        day.now += timedelta(hours=6)
        await until(lambda: people % b"20.0" in b"".join(shown.business()), "the next morning's headcount")
    morning = day.now.date()
    told = [group for group in await published(kafka_with_topics) if group.today == morning]
    assert {group.as_of for group in told} == {morning, *(morning + timedelta(ahead) for ahead in (30, 60, 90))}
    assert {group.metrics["headcount"].value for group in told} == {20}
