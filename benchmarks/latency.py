"""(b) From event to the decided step and to e-mail: at a steady rate, some of the events make an alert fire."""

import asyncio
import json
import tempfile
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from time import time
from typing import Any, NamedTuple

import httpx
from aiokafka import AIOKafkaConsumer, TopicPartition

from benchmarks.rig import rig
from cli.local.stack import Stack
from shared.contracts.topics import WORKFORCE_ALERTS, WORKFORCE_METRICS
from shared.kit.database import pool

RATE = 200
SECONDS = 75
UNITS = 100
TODAY = "2025-06-30"
WARM_UP = 25
"""Seconds of the same load before the first that counts: the first values of all units, and all that is new by the
first consultant of the municipality, are published and judged."""
STAFF = 3
TOGETHER = 10
"""Events of one request."""

PLAN = """
plan: latency
settle: 0s
title: {sv: Latens, en: Latency}
time_zone: Europe/Stockholm
language: en
recipients: {hr: {email: hr@kommun.example}}
targets:
  - id: agency
    metric: agency_share
    by: unit
    breach: {above: 0.5}
    clear: {below: 0.4}
    hold: 0d
    clear_hold: 0d
    severity: warning
    notify: [hr]
"""


Event = dict[str, Any]


class Spread(NamedTuple):
    """How many came, and the time from posting the event until each had, in seconds."""

    came: int
    p50: float
    p99: float


class Latency(NamedTuple):
    """Steps on ``workforce.alerts``, mails, and how many messages of values (``workforce.metrics``) an event led to."""

    steps: Spread
    mails: Spread
    messages: float


JUDGED = "select count(*) from alerts.standings where not exists (select from alerts.due)"
MAILED = "select occasion ->> 'unit' as unit, sent from alerts.outbox where state = 'sent'"


async def measure() -> Latency:
    """Post at the rate; every unit gets a consultant too many once, the other events are caseload reports."""
    with tempfile.TemporaryDirectory(prefix="stadga-plan-") as folder:
        (Path(folder) / "latency.yaml").write_text(PLAN)
        async with rig(STADGA_TODAY=TODAY, STADGA_PLANS=folder, STADGA_MAILS_PER_HOUR="1000") as stack:
            await stack.start(("ingest", "metrics", "alerts"))
            async with httpx.AsyncClient(headers={"authorization": "Bearer local"}, timeout=30) as client:
                url = f"{stack.address('ingest')}/v1/events"
                staff = [_staff(unit, n) for unit in range(UNITS) for n in range(STAFF)]
                await _post_batch(client, url, [*staff, _consultant(UNITS)])
                await _judged(stack)
                posted = await _post_steadily(client, url)
            mailed = await _mailed(stack, posted.keys())
            messages = await _ends(stack) / (RATE * SECONDS + UNITS * STAFF)
            return Latency(_spread(posted, await _decided(stack)), _spread(posted, mailed), messages)


async def _post_batch(client: httpx.AsyncClient, url: str, events: list[Event]) -> None:
    content = json.dumps(events)
    answer = await client.post(url, content=content, headers={"content-type": "application/cloudevents-batch+json"})
    answer.raise_for_status()


async def _post_steadily(client: httpx.AsyncClient, url: str) -> dict[str, float]:
    """Post TOGETHER events each TOGETHER/RATE s without waiting for the answers, so that this takes little of the
    machine that is measured; returns when each unit's consultant was posted.
    """
    posted: dict[str, float] = {}
    start, answers = time(), []
    for first in range(0, RATE * SECONDS, TOGETHER):
        await asyncio.sleep(max(0.0, start + first / RATE - time()))
        events = [_due(n) for n in range(first, first + TOGETHER)]
        posted |= {event["data"]["unit"]: time() for event in events if "unit" in event["data"]}
        answers.append(asyncio.create_task(_post_batch(client, url, events)))
    await asyncio.gather(*answers)
    return posted


def _due(n: int) -> Event:
    """The nth event."""
    unit, turn = divmod(n - RATE * WARM_UP, RATE * (SECONDS - WARM_UP) // UNITS)
    return _consultant(unit) if turn == 0 and 0 <= unit < UNITS else _cases(n)


async def _decided(stack: Stack) -> dict[str, float]:
    """When each unit's alert was said to fire on ``workforce.alerts``."""
    consumer = AIOKafkaConsumer(bootstrap_servers=stack.kafka_bootstrap_servers)
    await consumer.start()
    try:
        parts = [TopicPartition(WORKFORCE_ALERTS.name, part) for part in range(WORKFORCE_ALERTS.partitions)]
        consumer.assign(parts)
        await consumer.seek_to_beginning()
        ends, found = await consumer.end_offsets(parts), dict[str, float]()
        while any([await consumer.position(part) < end for part, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    told = json.loads(record.value)["data"]
                    if told["new"] == "firing":
                        found[told["unit"]] = record.timestamp / 1000
    finally:
        await consumer.stop()
    return found


async def _ends(stack: Stack) -> int:
    """How many messages of values there are."""
    consumer = AIOKafkaConsumer(bootstrap_servers=stack.kafka_bootstrap_servers)
    await consumer.start()
    try:
        parts = [TopicPartition(WORKFORCE_METRICS.name, part) for part in range(WORKFORCE_METRICS.partitions)]
        return sum((await consumer.end_offsets(parts)).values())
    finally:
        await consumer.stop()


async def _judged(stack: Stack) -> None:
    """Wait until every unit was judged for the first time, and the mail about the first consultant has gone."""
    deadline, units = time() + 120, 0
    async with pool(stack.database_url, "alerts") as connections:
        while units <= UNITS and time() < deadline:
            await asyncio.sleep(0.2)
            units = await connections.fetchval(JUDGED)
    await _mailed(stack, {f"unit-{UNITS:03}"})


async def _mailed(stack: Stack, due: Collection[str]) -> dict[str, float]:
    """When the mail server had taken the mails of those units, and of others."""
    deadline, found = time() + 60, dict[str, float]()
    async with pool(stack.database_url, "alerts") as connections:
        while not found.keys() >= set(due) and time() < deadline:
            await asyncio.sleep(0.2)
            found = {row["unit"]: row["sent"].timestamp() for row in await connections.fetch(MAILED)}
    return found


def _spread(posted: dict[str, float], done: dict[str, float]) -> Spread:
    delays = [at - posted[unit] for unit, at in done.items() if unit in posted]
    cuts = quantiles(delays, n=100, method="inclusive")
    return Spread(len(delays), cuts[49], cuts[98])


def _event(number: str, kind: str, subject: str, data: Event) -> Event:
    envelope = {"specversion": "1.0", "id": number, "source": "bench", "type": f"hr.{kind}.v1", "subject": subject}
    return envelope | {"time": datetime.now(UTC).isoformat(), "knownfrom": "2024-01-01", "data": data}


def _staff(unit: int, n: int) -> Event:
    data = {"effective": "2024-01-01", "unit": f"unit-{unit:03}", "occupation": "socialsekreterare", "fte": 0.2}
    return _event(f"s{unit}-{n}", "employment.started", f"person/b{unit}-{n}", data)


def _consultant(unit: int) -> Event:
    """One full-time consultant beside three employees at a fifth each: 62 % agency."""
    data = {"effective": TODAY, "unit": f"unit-{unit:03}", "occupation": "socialsekreterare", "fte": 1}
    return _event(f"c{unit}", "assignment.started", f"assignment/c{unit}", data)


def _cases(n: int) -> Event:
    """Another number of cases than that person had before, so that every report changes something."""
    data = {"effective": TODAY, "open_cases": n // (UNITS * STAFF) % 20}
    return _event(f"l{n}", "caseload.reported", f"person/b{n % UNITS}-{n % STAFF}", data)
