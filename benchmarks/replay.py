"""(a) Replay beside its ceiling, and (c) memory with 100,000 people, each through one metrics process.

The ceiling is a consumer that reads the same topic and decodes each event the way metrics must, and does nothing.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from time import perf_counter
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer

from benchmarks.rig import Batch, committed, peak_memory, published, put, rig
from cli.local.stack import Stack
from cli.simulation.log import simulate
from services.metrics.domain.facts.entry import entry_of
from shared.contracts import envelope
from shared.contracts.envelope import CloudEvent
from shared.contracts.topics import HR_EVENTS

LAST = date(2025, 12, 31)
PEOPLE, UNITS, DAYS = 10_000, 200, 365
LARGE_PEOPLE, LARGE_UNITS, LARGE_DAYS = 100_000, 1_000, 30


class Replayed(NamedTuple):
    """Events per second of the metrics process and of the ceiling, and facts per event."""

    events: int
    rate: float
    ceiling: float
    facts: float


class Held(NamedTuple):
    """Peak memory in MiB after so many events of so many people, and the rate at which they were taken."""

    events: int
    memory: float
    rate: float


async def rate() -> Replayed:
    """Replay a year of a municipality."""
    async with rig(STADGA_TODAY=LAST.isoformat()) as stack:
        events = await put(stack, _log(PEOPLE, UNITS, DAYS))
        ceiling = await _ceiling(stack, events)
        batches = await _replay(stack, events)
        return Replayed(events, _rate(batches), ceiling, sum(b.facts for b in batches) / events)


async def memory() -> Held:
    """Replay a month of a hundred thousand people, everything that already existed on its first day included."""
    async with rig(STADGA_TODAY=LAST.isoformat()) as stack:
        events = await put(stack, _log(LARGE_PEOPLE, LARGE_UNITS, LARGE_DAYS))
        batches = await _replay(stack, events)
        await published(stack)
        return Held(events, peak_memory(stack, "metrics"), _rate(batches))


def _log(people: int, units: int, days: int) -> Iterator[CloudEvent]:
    return simulate(1, people, units, first=LAST - timedelta(days=days), last=LAST, hostility=0.1)


async def _replay(stack: Stack, events: int) -> list[Batch]:
    await stack.start(["metrics"])
    return await committed(stack, events)


def _rate(batches: list[Batch]) -> float:
    """Events per second from the first commit to the last; the first batch is left out with the start-up."""
    return sum(b.events for b in batches[1:]) / (batches[-1].at - batches[0].at)


async def _ceiling(stack: Stack, events: int) -> float:
    consumer = AIOKafkaConsumer(
        HR_EVENTS.name,
        bootstrap_servers=stack.kafka_bootstrap_servers,
        group_id="ceiling",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        seen, since = 0, 0.0
        while seen < events:
            records = await consumer.getmany(timeout_ms=500, max_records=5_000)
            since = since or perf_counter()
            for some in records.values():
                for record in some:
                    entry_of(envelope.decode(record.value))
                seen += len(some)
        return events / (perf_counter() - since)
    finally:
        await consumer.stop()
