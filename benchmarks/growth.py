"""(o) Rows and messages a year: a municipality lives day by day through metrics and alerts, and what grows is counted.

The first year is history. The days that are counted come one by one: each day's events, then midnight.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import NamedTuple
from unittest.mock import patch

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from benchmarks.midnight import ZONE
from benchmarks.rig import put, rig
from cli.local.stack import Stack
from cli.simulation.log import simulate
from services.alerts.service import Service as Alerts
from services.alerts.settings import AlertSettings
from services.metrics.app import Service as Metrics
from services.metrics.settings import MetricsSettings
from shared.contracts.envelope import CloudEvent
from shared.contracts.topics import ALL
from shared.kit.clock import Clock

FIRST = date(2040, 1, 1)
"""Ahead of the clock of PostgreSQL, by which publications are numbered: alerts believes none from the future."""
PEOPLE, UNITS = 1_000, 30
HISTORY_DAYS, SETTLING_DAYS, DAYS = 365, 45, 60
"""Days in one go; then one by one, until alerts has all days of values that it keeps; then those that are counted."""
POLL_SECONDS, QUIET_LOOKS, PATIENCE_SECONDS = 0.1, 8, 900
MOVING = frozenset({"stadga_metrics_published_total", "stadga_alerts_messages_total", "stadga_alert_transitions_total"})
TOLD = """
select (select coalesce(sum(next), 0) from metrics.offsets) >= $1 and (select max(today) from alerts.groups) >= $2
"""
"""Whether so many events are taken in, and alerts has heard of a day."""

TABLES = """
select relnamespace::regnamespace || '.' || relname as name, (
        select coalesce(sum(pg_total_relation_size(leaf.relid)), pg_total_relation_size(top.oid))::bigint
        from pg_partition_tree(top.oid) leaf) as bytes
from pg_class top
where relnamespace::regnamespace::text in ('metrics', 'alerts') and relkind in ('r', 'p') and not relispartition
order by 1
"""
"""Each table with its indexes; what is partitioned is one."""
MERGED = "select count(*) from (select from metrics.facts group by cell, measure, day having sum(delta) <> 0) places"


class Grown(NamedTuple):
    """Of a table or topic: how many there were before and after the days that are counted, and bytes of each."""

    before: int
    after: int
    bytes_each: float

    def a_year(self, people: int, days: int) -> float:
        """How many more a year for 1,000 people."""
        return (self.after - self.before) * 365 / days * 1_000 / people


class Growth(NamedTuple):
    """What came of so many people in so many days: tables by name, topics by name, the events that did it,
    and ``merged``: how many facts there would be if those of a cell, measure and day were merged."""

    people: int
    days: int
    events: int
    tables: dict[str, Grown]
    topics: dict[str, Grown]
    merged: Grown


class Counted(NamedTuple):
    """How many there are, and how many bytes they take."""

    rows: int
    size: int


async def measure(people: int = PEOPLE, units: int = UNITS, days: int = DAYS) -> Growth:
    """Let some days pass."""
    begins, counted = FIRST + timedelta(days=HISTORY_DAYS), FIRST + timedelta(days=HISTORY_DAYS + SETTLING_DAYS)
    log = simulate(5, people, units, first=FIRST, last=counted + timedelta(days=days - 1), hostility=0.1)
    by_day = [(day, list(some)) for day, some in groupby(log, key=lambda event: event.time.date())]
    history = [event for day, some in by_day if day < begins for event in some]
    daily, events = {day: some for day, some in by_day if day >= begins}, 0
    async with rig() as stack, living(stack) as town:
        await town.day(begins - timedelta(days=1), history)
        tables, topics, merged = dict[str, Counted](), dict[str, Counted](), 0
        for n in range(SETTLING_DAYS + days):
            day = begins + timedelta(days=n)
            if day == counted:
                tables, topics, merged = await tables_of(stack), await topics_of(stack), await _merged(stack)
            events += len(daily.get(day, ())) if day >= counted else 0
            await town.day(day, daily.get(day, []))
        grown = _grown(tables, await tables_of(stack)), _grown(topics, await topics_of(stack))
        return Growth(people, days, events, *grown, Grown(merged, await _merged(stack), 0.0))


class Town:
    """Both services in this process, over one clock that the benchmark turns."""

    def __init__(self, stack: Stack) -> None:
        """Nothing has happened."""
        self.now = datetime.combine(FIRST, time(12), UTC)
        self._stack, self._events = stack, 0
        clock = Clock(ZONE, read=lambda: self.now)
        servers, url = stack.kafka_bootstrap_servers, stack.database_url
        with (
            patch("services.metrics.app.clock", lambda _: clock),
            patch("services.alerts.service.clock", lambda _: clock),
        ):
            self.metrics = Metrics(
                MetricsSettings(kafka_bootstrap_servers=servers, database_url=url, stadga_health_settle_seconds=0.0)
            )
            self.alerts = Alerts(
                AlertSettings(kafka_bootstrap_servers=servers, database_url=url, smtp_url=stack.smtp_url)
            )

    async def day(self, day: date, events: list[CloudEvent]) -> None:
        """The day comes, and what is told on it; over once its values are out and nothing moves any more."""
        self.now = datetime.combine(day, time(12), UTC)
        self._events += await put(self._stack, events)
        async with asyncio.timeout(PATIENCE_SECONDS):
            connection = await asyncpg.connect(self._stack.database_url)
            try:
                while not await connection.fetchval(TOLD, self._events, day):
                    await asyncio.sleep(POLL_SECONDS)
            finally:
                await connection.close()
            await self._quiet()

    async def _quiet(self) -> None:
        before, looks = self._figures(), 0
        while looks < QUIET_LOOKS:
            await asyncio.sleep(POLL_SECONDS)
            now = self._figures()
            looks, before = (looks + 1 if now == before else 0), now

    def _figures(self) -> list[float]:
        """What moves while anything is published or judged."""
        return [
            sample.value
            for registry in (self.metrics.registry, self.alerts.registry)
            for family in registry.collect()
            for sample in family.samples
            if sample.name in MOVING
        ]


@asynccontextmanager
async def living(stack: Stack) -> AsyncIterator[Town]:
    """A town whose services run."""
    town = Town(stack)
    async with town.metrics.running(), town.alerts.running():
        yield town


async def tables_of(stack: Stack) -> dict[str, Counted]:
    """Each table, by its name."""
    connection = await asyncpg.connect(stack.database_url)
    try:
        return {
            name: Counted(await connection.fetchval(f"select count(*) from {name}"), size)  # noqa: S608  (from the catalogue)
            for name, size in await connection.fetch(TABLES)
        }
    finally:
        await connection.close()


async def _merged(stack: Stack) -> int:
    connection = await asyncpg.connect(stack.database_url)
    try:
        return int(await connection.fetchval(MERGED))
    finally:
        await connection.close()


async def topics_of(stack: Stack) -> dict[str, Counted]:
    """Each topic, by its name."""
    consumer = AIOKafkaConsumer(bootstrap_servers=stack.kafka_bootstrap_servers)
    await consumer.start()
    try:
        places = {one.name: [TopicPartition(one.name, n) for n in range(one.partitions)] for one in ALL}
        return {
            name: Counted(sum((await consumer.end_offsets(some)).values()), _log_bytes(stack, name))
            for name, some in places.items()
        }
    finally:
        await consumer.stop()


def _log_bytes(stack: Stack, topic: str) -> int:
    """Bytes of the messages, as the broker keeps them."""
    return sum(file.stat().st_size for file in stack.home.glob(f"kafka/**/{topic}-[0-9]*/*.log"))


def _grown(before: dict[str, Counted], after: dict[str, Counted]) -> dict[str, Grown]:
    return {
        name: Grown(before[name].rows, now.rows, now.size / now.rows if now.rows else 0.0)
        for name, now in after.items()
    }
