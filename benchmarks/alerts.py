"""(i) What alerts cost: a plan adopted for many units, then one value, one new unit, and what Prometheus is shown.

The judging side of the service in this process, on a PostgreSQL of its own whose tables were filled a moment ago.
"""

import functools
import resource
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import NamedTuple
from zoneinfo import ZoneInfo

import asyncpg
from prometheus_client import CollectorRegistry

from cli.local.stack import Stack, migrations
from services.alerts.domain.plan.choice import PlanChange
from services.alerts.exposition import Exposition
from services.alerts.rounds.adoption import change
from services.alerts.rounds.display import Display
from services.alerts.rounds.judging import PART, Judging
from services.alerts.rounds.rounds import Rounds
from services.alerts.service import SCHEMA
from services.alerts.telemetry import Telemetry
from shared.contracts.metrics import HORIZONS, RESTATED_DAYS, GroupComputed, MetricValue
from shared.kit.clock import Clock
from shared.kit.database import pool
from shared.kit.health import Health

TODAY = date(2026, 6, 30)
BATCH = 500
METRICS = ("leaver_rate_own_request", "leaver_rate", "agency_cover_share", "agency_share", "vacancy_rate")
COLUMNS = ("unit", "occupation", "metric", "as_of", "horizon", "revision", "today", "status", "value")
DAYS = [*((-back, 0) for back in range(1, RESTATED_DAYS + 1)), *((ahead, ahead) for ahead in HORIZONS)]
"""Days of values but today's: from today, and known how long ahead."""


class Costs(NamedTuple):
    """Seconds, but the memory (MiB). A longest one is of a single transaction."""

    taking: float
    longest_taking: float
    adopting: float
    judging: float
    longest_judging: float
    one_value: float
    one_unit: float
    shown_first: float
    shown_again: float
    memory: float


class _Service(NamedTuple):
    rounds: Rounds
    judging: Judging
    display: Display
    clock: Clock


async def measure(units: int) -> Costs:
    """A municipality of so many units, in groups of ten, each with four weeks of five metrics and a plan for all."""
    with tempfile.TemporaryDirectory(prefix="stadga-bench-") as folder:
        stack = Stack(Path(folder), {"PATH": "/usr/bin:/bin:/usr/local/bin"}, leashed=True)
        try:
            await stack.start(("postgres",))
            await migrations.migrate(stack.database_url)
            async with pool(stack.database_url, SCHEMA) as opened:
                await opened.copy_records_to_table("observations", records=_history(units), columns=COLUMNS)
                return await _costs(opened, units)
        finally:
            await stack.stop()


async def _costs(opened: asyncpg.Pool, units: int) -> Costs:
    service = _service(opened)
    told = [_told(n, 0.1 + n % 7 / 50) for n in range(units)]
    batches = [told[at : at + BATCH] for at in range(0, units, BATCH)]
    taking = [await _timed(functools.partial(service.rounds.observe, batch, [])) for batch in batches]
    new = PlanChange("plan", _plan(), "plan.yaml", service.clock.now(), None)
    adopting = await _timed(lambda: change(service.rounds, service.clock, new))
    judging = [seconds async for seconds in _judged(service)]
    shown = await _timed(service.display.refresh)
    one_value = await _heard(service, _told(7, 0.9))
    again = await _timed(service.display.refresh)
    one_unit = await _heard(service, _told(units, 0.9))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Costs(
        sum(taking), max(taking), adopting, sum(judging), max(judging), one_value, one_unit, shown, again, memory
    )


async def _heard(service: _Service, told: GroupComputed) -> float:
    """From one message to its alerts judged."""
    taken = await _timed(lambda: service.rounds.observe([told], []))
    return taken + sum([seconds async for seconds in _judged(service)])


async def _judged(service: _Service) -> AsyncIterator[float]:
    while True:
        began = perf_counter()
        if not await service.judging.some():
            return
        yield perf_counter() - began


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    began = perf_counter()
    await work()
    return perf_counter() - began


def _service(opened: asyncpg.Pool) -> _Service:
    clock, telemetry = Clock(ZoneInfo("Europe/Stockholm"), TODAY), Telemetry(CollectorRegistry())
    rounds = Rounds(opened, clock, telemetry)
    judging = Judging(rounds, clock, lambda *names: "/".join(names), telemetry, Health(clock, PART))
    return _Service(rounds, judging, Display(opened, Exposition(telemetry.registry), telemetry), clock)


def _plan() -> str:
    targets = [
        f"  - {{id: t{n}, metric: {metric}, breach: {{above: 0.2}}, clear: {{below: 0.15}}, hold: 7d, clear_hold: 7d,"
        f" look_ahead: [30d, 60d, 90d], notify: [hr]}}"
        for n, metric in enumerate(METRICS)
    ]
    head = ["plan: plan", "settle: 0s", "recipients: {hr: {email: hr@kommun.example}}", "targets:"]
    return "\n".join([*head, *targets, ""])


def _history(units: int) -> Iterator[tuple[object, ...]]:
    for n in range(units):
        for metric in METRICS:
            for day, horizon in DAYS:
                value = 0.1 + (n + day % 3) % 7 / 50
                yield f"unit-{n}", "*", metric, TODAY + timedelta(day), horizon, 1, TODAY, "final", value


def _told(n: int, value: float) -> GroupComputed:
    measured = MetricValue(status="final", definition="d", value=value, numerator=value * 100, denominator=100)
    return GroupComputed(
        unit=f"unit-{n}",
        unit_name=f"Enhet {n}",
        unit_path=(f"unit-{n}", f"unit-{n // 10}", "*") if n >= 10 else (f"unit-{n}", "*"),
        occupation="*",
        as_of=TODAY,
        today=TODAY,
        window_days=365,
        revision=int(datetime.now(UTC).timestamp() * 1000),
        metrics=dict.fromkeys(METRICS, measured),
    )
