"""Batches folded without Kafka, by as many writers as a test wants, and the evaluator that looks at what they did."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, nullcontext
from datetime import date
from zoneinfo import ZoneInfo

import asyncpg
from aiokafka import ConsumerRecord
from prometheus_client import CollectorRegistry

from services.metrics.intake import batch
from services.metrics.intake.repository import Cells, OffsetRange
from services.metrics.publishing import evaluator
from services.metrics.publishing.cut import AskEnds
from services.metrics.publishing.evaluator import Evaluator
from services.metrics.publishing.exposition import Exposition
from services.metrics.settings import MetricsSettings
from services.metrics.telemetry import Telemetry
from services.metrics.watch import SourceWatch
from shared.contracts.topics import HR_EVENTS
from shared.kit.clock import Clock
from shared.kit.dead_letters import Limits
from shared.kit.health import Health
from tests import builders as make
from tests.integration.metering import TODAY

ZONE = ZoneInfo("Europe/Stockholm")
WAITING = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


def record(event: make.Event, partition: int, offset: int) -> ConsumerRecord:
    """An event as the consumer gets it."""
    value, key = make.encoded(event), event["subject"].encode()
    return ConsumerRecord(HR_EVENTS.name, partition, offset, 0, 0, key, value, None, len(key), len(value), ())


async def write(
    pool: asyncpg.Pool, events: Iterable[make.Event], partition: int, first: int = 0, cells: Cells | None = None
) -> batch.Written:
    """One batch: events that are the next of a partition."""
    records = [record(event, partition, first + n) for n, event in enumerate(events)]
    span = OffsetRange((HR_EVENTS.name, partition), first, first + len(records))
    written, _ = await batch.write(
        pool, cells or Cells(pool), [span], batch.decode(records), Limits(0, 0), HR_EVENTS.partitions
    )
    return written


async def empty_log() -> dict[int, int]:
    """Where the partitions of a log end that has none: what is in the ledger came by no log."""
    return {}


@asynccontextmanager
async def evaluating(
    pool: asyncpg.Pool, servers: str, window: int = 365, ask: AskEnds = empty_log, patience: float = 600
) -> AsyncIterator[CollectorRegistry]:
    """An evaluator that looks at what is committed and publishes it; ``ask`` says where the log ends.

    ``patience`` is for how many seconds it waits for a delivery. Given are its process metrics.
    """
    clock = Clock(ZONE, date.fromisoformat(TODAY))
    settings = MetricsSettings(
        kafka_bootstrap_servers=servers, stadga_window_days=window, stadga_delivery_seconds=patience
    )
    registry = CollectorRegistry()
    health = Health(clock, evaluator.PART)
    working = Evaluator(
        settings,
        pool,
        Telemetry(registry),
        Exposition(registry),
        health,
        clock,
        asyncio.Event(),
        lambda: nullcontext(ask),
        SourceWatch("", clock, health),
    )
    task = asyncio.ensure_future(working.task.work())
    try:
        yield registry
    finally:
        task.cancel()
        await asyncio.wait([task])
