"""An evaluator in this process, over a ledger that tests write themselves, and what it publishes."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import asyncpg
import msgspec
from aiokafka import AIOKafkaConsumer
from prometheus_client import CollectorRegistry

from services.metrics.domain.coverage.coverage import ALWAYS, EVERYWHERE
from services.metrics.domain.coverage.kinds import KIND_OF_TYPE
from services.metrics.domain.facts.reported import DETAILS, Firsts, Reported, merged
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.incoming import read
from services.metrics.domain.record.memory import Memory, by_subject
from services.metrics.intake import repository
from services.metrics.intake.repository import Addition, Cells
from services.metrics.ledger.term import begin
from services.metrics.publishing.evaluator import PART, Evaluator
from services.metrics.publishing.exposition import Exposition
from services.metrics.publishing.keeper import Keeper
from services.metrics.settings import MetricsSettings
from services.metrics.telemetry import Telemetry
from services.metrics.watch import SourceWatch
from shared.contracts import envelope
from shared.contracts.envelope import CloudEvent
from shared.contracts.metrics import COMPUTED, GroupComputed
from shared.contracts.topics import WORKFORCE_METRICS
from shared.kit.clock import Clock
from shared.kit.database import pool
from shared.kit.health import Health
from shared.kit.supervisor import Supervisor
from tests import builders as make
from tests.integration.folding import empty_log
from tests.unit.metrics.folding import received

EVENING = datetime(2024, 6, 30, 20, tzinfo=UTC)


class Day:
    """A clock's reading, to be moved on."""

    def __init__(self) -> None:
        """The evening of a month's last day."""
        self.now = EVENING

    def read(self) -> datetime:
        """The instant."""
        return self.now


EVERYTHING = {Reported("", type_, EVERYWHERE, declared=True): ALWAYS for type_ in (*KIND_OF_TYPE, *DETAILS)}
"""A source that has told all there is, of whatever unit, always."""


def told(events: Iterable[make.Event]) -> Firsts:
    """Since when events tell of what."""
    arrivals = filter(None, (read(make.encoded(event)) for event in events))
    return merged(one for arrival in arrivals for one in arrival.reported)


class Ledger:
    """The ledger of a database, and the records behind it."""

    def __init__(self, opened: asyncpg.Pool, *, known_since_ever: bool = True) -> None:
        """Empty; what sources tell of is known since ever, or as their events say."""
        self._pool, self._memory, self._since_ever = opened, Memory(), known_since_ever

    async def know(self, *events: make.Event) -> None:
        """Commit the cells of events, as happens before their facts are."""
        tally = Tally()
        Memory().fold(by_subject(map(received, events)), tally)
        await Cells(self._pool).numbers(fact.cell for fact in tally.facts())

    async def take(self, *events: make.Event) -> None:
        """Fold events, and commit what they add as one batch."""
        tally = Tally()
        self._memory.fold(by_subject(map(received, events)), tally)
        facts = tally.facts()
        numbers = await Cells(self._pool).numbers(fact.cell for fact in facts)
        units = self._memory.definitions if any(e["type"].startswith("hr.unit.defined") for e in events) else {}
        async with self._pool.acquire() as connection, connection.transaction():
            firsts = await repository.earlier(connection, EVERYTHING if self._since_ever else told(events))
            await repository.append(connection, numbers, Addition(len(events), facts, {}, (), units, firsts))

    async def tell(self, today: date) -> None:
        """Let health be told of as it stands."""
        async with self._pool.acquire() as connection:
            keeper = Keeper(connection, 365, 150.0)
            await keeper.make(today.toordinal())
            await keeper.tell(await begin(self._pool))


class Evaluating(NamedTuple):
    """What an evaluator reads, and what Prometheus and health see of it."""

    ledger: Ledger
    exposition: Exposition
    registry: CollectorRegistry
    health: Health

    def shows(self, series: str, value: str) -> bool:
        """Whether a scrape gets the value of a business series."""
        return f"{series} {value}\n".encode() in b"".join(self.exposition.business())

    def counted(self, name: str, **labels: str) -> float:
        """The value of a process metric, 0 where there is none."""
        return self.registry.get_sample_value(name, labels) or 0.0


@asynccontextmanager
async def evaluating(
    kafka: str,
    database: str,
    day: Day,
    log: Iterable[make.Event] = (),
    *,
    known_since_ever: bool = True,
    shards: int = 1,
) -> AsyncIterator[Evaluating]:
    """An evaluator on that clock, which finds a log in the ledger."""
    settings = MetricsSettings(
        kafka_bootstrap_servers=kafka, database_url=database, stadga_health_settle_seconds=0, stadga_shards=shards
    )
    clock, registry = Clock(ZoneInfo("Europe/Stockholm"), read=day.read), CollectorRegistry()
    exposition, health = Exposition(registry), Health(clock, PART)
    async with pool(database, "metrics", 4 + shards) as opened:
        ledger = Ledger(opened, known_since_ever=known_since_ever)
        await ledger.take(*log)
        folding = asyncio.Event(), lambda: nullcontext(empty_log)
        watch = SourceWatch("", clock, health)
        work = Evaluator(settings, opened, Telemetry(registry), exposition, health, clock, *folding, watch)
        async with Supervisor(health, registry).running(work.task, seconds=20):
            yield Evaluating(ledger, exposition, registry, health)


async def received_messages(kafka: str) -> list[CloudEvent]:
    """Everything on workforce.metrics now, of whatever type."""
    consumer = AIOKafkaConsumer(WORKFORCE_METRICS.name, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        ends, found = await consumer.end_offsets(consumer.assignment()), list[CloudEvent]()
        while any([await consumer.position(part) < end for part, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += [envelope.decode(r.value) for r in records]
    finally:
        await consumer.stop()
    return found


async def published(kafka: str) -> list[GroupComputed]:
    """All values on workforce.metrics now."""
    found = [m.data for m in await received_messages(kafka) if m.type == COMPUTED]
    return [day for data in found for day in msgspec.json.decode(data, type=GroupComputed).by_day()]
