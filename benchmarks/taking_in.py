"""(i) The first publication of a large municipality as alerts takes it in: each group with all its days and metrics."""

import asyncio
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import asyncpg
import msgspec
from aiokafka import AIOKafkaProducer

from benchmarks.rig import peak_memory, rig
from cli.local.stack import Stack
from services.alerts.domain.alert.incoming import SOURCE
from services.alerts.domain.alert.promises import ALERTABLE
from shared.contracts import envelope, metrics
from shared.contracts.metrics import HORIZONS, RESTATED_DAYS, DayComputed, GroupComputed, MetricValue
from shared.contracts.topics import WORKFORCE_METRICS

GROUPS = 1_000
POLL_SECONDS = 0.5
DAYS = (*range(-RESTATED_DAYS, 0), *HORIZONS)
PLAN = """\
plan: plan
settle: 1h
recipients: {hr: {email: hr@kommun.example}}
targets:
  - {id: leavers, metric: leaver_rate, breach: {above: 0.2}, hold: 7d, look_ahead: [30d, 60d, 90d], notify: [hr]}
"""


class TakenIn(NamedTuple):
    """Bytes of a message, seconds until all were taken in, and the most memory that the process held (MiB)."""

    size: int
    seconds: float
    memory: float


async def measure() -> TakenIn:
    """The service as it runs for people, which finds all of it on the topic when it starts."""
    with tempfile.TemporaryDirectory(prefix="stadga-bench-") as folder:
        plan = Path(folder) / "plan.yaml"
        plan.write_text(PLAN, encoding="utf-8")
        async with rig(STADGA_PLANS=str(plan)) as stack:
            size = await _publish(stack)
            began = perf_counter()
            await stack.start(["alerts"])
            await _all_known(stack)
            return TakenIn(size, perf_counter() - began, peak_memory(stack, "alerts"))


async def _publish(stack: Stack) -> int:
    producer = AIOKafkaProducer(
        bootstrap_servers=stack.kafka_bootstrap_servers, compression_type="lz4", max_request_size=2**23
    )
    await producer.start()
    try:
        told = [_message(n) for n in range(3)]
        for n in range(GROUPS):
            await producer.send_and_wait(WORKFORCE_METRICS.name, _message(n), f"unit-{n}|*".encode())
    finally:
        await producer.stop()
    return max(map(len, told))


async def _all_known(stack: Stack) -> None:
    connection = await asyncpg.connect(stack.database_url)
    try:
        while await connection.fetchval("select count(*) from alerts.units") < GROUPS:
            await asyncio.sleep(POLL_SECONDS)
    finally:
        await connection.close()


def _message(n: int) -> bytes:
    now = datetime.now(UTC)
    values = {name: _value(name, n + place) for place, name in enumerate(sorted(ALERTABLE))}
    today = now.date()
    group = GroupComputed(
        unit=f"unit-{n}",
        unit_name=f"Enhet {n}",
        unit_path=(f"unit-{n}", "*"),
        occupation=metrics.ALL,
        as_of=today,
        today=today,
        window_days=365,
        revision=int(now.timestamp() * 1000),
        metrics=values,
        other_days=tuple(DayComputed(as_of=today + timedelta(day), metrics=values) for day in DAYS),
    )
    event = envelope.CloudEvent(
        specversion="1.0",
        id=f"unit-{n}",
        source=SOURCE,
        type=metrics.COMPUTED,
        subject=f"group/unit-{n}/*",
        time=now,
        datacontenttype="application/json",
        data=msgspec.Raw(msgspec.json.encode(group)),
    )
    return envelope.encode(event)


def _value(name: str, n: int) -> MetricValue:
    value = (n * 97 % 1_000) / 7_000
    return MetricValue(
        status="final",
        definition=f"stadga:{name}:1",
        value=value,
        numerator=value * 100,
        denominator=100,
        low=value * 0.7,
        high=value * 1.4,
    )
