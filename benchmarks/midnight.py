"""(e) A full midnight evaluation: all values of a new day from all facts, and every one of them published.

And what it takes to start: from all facts, and anew from the copy of the book that the service left.
"""

import asyncio
import resource
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter, process_time
from typing import NamedTuple
from zoneinfo import ZoneInfo

import asyncpg
from prometheus_client import CollectorRegistry

from cli.local.stack import Stack
from services.metrics.publishing.cut import AskEnds
from services.metrics.publishing.evaluator import PART, Evaluator
from services.metrics.publishing.exposition import Exposition
from services.metrics.settings import MetricsSettings
from services.metrics.telemetry import Telemetry
from services.metrics.watch import SourceWatch
from shared.kit.clock import Clock
from shared.kit.database import pool
from shared.kit.health import Health
from shared.kit.supervisor import Supervisor

ZONE = ZoneInfo("Europe/Stockholm")
PUBLISHED, EVALUATING = "stadga_metrics_published_total", "stadga_metrics_evaluation_seconds_sum"
EVALUATIONS = "stadga_metrics_evaluation_seconds_count"
POLL_SECONDS = 0.2
KIB_IN_MIB = 1024


async def empty_log() -> dict[int, int]:
    """Where the partitions of a log end that has none: what is in the ledger came by no log."""
    return {}


class Took(NamedTuple):
    """Seconds until the last value was published, of the process's processor time, those of valuing and publishing, and
    groups published.
    """

    seconds: float
    processor: float
    publishing: float
    published: int


class Midnight(NamedTuple):
    """From nothing, when the next day begins, and started anew then; the most memory of the process, this benchmark
    included, from nothing and at all, in MiB.
    """

    start: Took
    new_day: Took
    restart: Took
    memory_of_start: float
    memory: float


class Turning:
    """An evaluator of this process, and the clock it reads."""

    def __init__(self, day: date) -> None:
        """At noon of the day."""
        self.now = datetime.combine(day, time(12), UTC)
        self.registry = CollectorRegistry()

    @asynccontextmanager
    async def running(self, stack: Stack) -> AsyncIterator[None]:
        """Evaluating, on the facts of the stack."""
        settings = MetricsSettings(
            kafka_bootstrap_servers=stack.kafka_bootstrap_servers, database_url=stack.database_url
        )
        clock = Clock(ZONE, read=lambda: self.now)
        async with pool(stack.database_url, "metrics") as opened:
            telemetry, exposition = Telemetry(self.registry), Exposition(self.registry)
            health = Health(clock, PART)
            committed, watch = asyncio.Event(), SourceWatch("", clock, health)
            work = Evaluator(settings, opened, telemetry, exposition, health, clock, committed, _log, watch)
            async with Supervisor(health, self.registry).running(work.task):
                yield

    async def evaluated(self) -> Took:
        """What the next evaluation takes."""
        began, spent, before = perf_counter(), process_time(), self._figures()
        while (now := self._figures())[EVALUATIONS] == before[EVALUATIONS]:
            await asyncio.sleep(POLL_SECONDS)
        published = round(now[PUBLISHED] - before[PUBLISHED])
        return Took(perf_counter() - began, process_time() - spent, now[EVALUATING] - before[EVALUATING], published)

    def _figures(self) -> dict[str, float]:
        samples = {s.name: s.value for family in self.registry.collect() for s in family.samples if not s.labels}
        return {name: samples.get(name, 0) for name in (PUBLISHED, EVALUATING, EVALUATIONS)}


def _log() -> AbstractAsyncContextManager[AskEnds]:
    return nullcontext(empty_log)


async def evaluate(stack: Stack, day: date) -> Midnight:
    """Evaluate a full ledger, then the day after, and once more by a service that starts then."""
    turning = Turning(day)
    async with turning.running(stack):
        start, memory = await turning.evaluated(), _peak()
        turning.now += timedelta(days=1)
        new_day = await turning.evaluated()
        await _copied(stack)
    anew = Turning(day + timedelta(days=1))
    async with anew.running(stack):
        restart = await anew.evaluated()
    return Midnight(start, new_day, restart, memory, _peak())


async def _copied(stack: Stack) -> None:
    """Wait until there is a copy of the book of the day."""
    connection = await asyncpg.connect(stack.database_url)
    try:
        while not await connection.fetchval("select count(*) from metrics.book_copy"):
            await asyncio.sleep(POLL_SECONDS)
    finally:
        await connection.close()


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_IN_MIB
