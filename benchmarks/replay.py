"""(a) Replay beside its ceiling, and (c) memory: 100,000 people through one metrics process.

The ceiling is a consumer that reads the same topic and decodes each event the way metrics must, and does nothing.
"""

from datetime import date, timedelta
from time import perf_counter
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer

from benchmarks.rig import committed, peak_memory, put, rig
from cli.simulation.log import simulate
from cli.stack import Stack
from services.metrics.domain.entry import told
from shared.contracts import envelope
from shared.contracts.topics import HR_EVENTS

PEOPLE, UNITS = 100_000, 1_000
LAST = date(2025, 12, 31)
DAYS = 30


class Replayed(NamedTuple):
    """Events per second of both, and the peak memory of the metrics process in MiB."""

    events: int
    ceiling: float
    rate: float
    facts: int
    memory: float


async def measure(people: int = PEOPLE, units: int = UNITS) -> Replayed:
    """Replay a month of a large municipality, everything that already existed on its first day included."""
    async with rig(STADGA_TODAY=LAST.isoformat()) as stack:
        log = simulate(1, people, units, first=LAST - timedelta(days=DAYS), last=LAST, hostility=0.1)
        events = await put(stack, log)
        ceiling = await _ceiling(stack, events)
        await stack.start(["metrics"])
        batches = await committed(stack, events)
        # from the first commit, so that start-up is not counted; the first batch's events are left out with it
        rate = sum(b.events for b in batches[1:]) / (batches[-1].at - batches[0].at)
        return Replayed(events, ceiling, rate, sum(b.facts for b in batches), peak_memory(stack, "metrics"))


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
                    told(envelope.decode(record.value))
                seen += len(some)
        return events / (perf_counter() - since)
    finally:
        await consumer.stop()
