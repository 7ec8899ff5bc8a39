"""(i) What alerts cost: a plan adopted for many units, then one group, one new unit, a look, what Prometheus is shown.

The judging side of the service in this process, on a PostgreSQL of its own whose tables were filled a moment ago.
"""

import functools
import os
import resource
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple
from zoneinfo import ZoneInfo

import asyncpg
from prometheus_client import CollectorRegistry

from benchmarks.timing import Spread, spread
from cli.local.stack import Stack, migrations
from services.alerts.domain.alert.months import BEFORE, last_whole, months_before
from services.alerts.domain.plan.choice import PlanChange
from services.alerts.exposition import Exposition
from services.alerts.metrics_service import MetricsService
from services.alerts.rounds.adoption import change
from services.alerts.rounds.display import Display
from services.alerts.rounds.judging import PART, Judging
from services.alerts.rounds.month_watch import MonthWatch
from services.alerts.rounds.rounds import Rounds
from services.alerts.service import SCHEMA
from services.alerts.telemetry import Telemetry
from shared.contracts.metrics import HORIZONS, RESTATED_DAYS, DayComputed, GroupComputed, MetricValue
from shared.kit.clock import Clock
from shared.kit.database import pool
from shared.kit.health import Health

TODAY = date(2026, 6, 30)
RULED = date(2025, 7, 1)
BATCH = 500
TIMES = 50
METRICS = ("leaver_rate_own_request", "leaver_rate", "agency_cover_share", "agency_share", "vacancy_rate")
COLUMNS = ("unit", "occupation", "metric", "as_of", "horizon", "revision", "today", "status", "value")
ASKED = ("unit", "occupation", "metric", "first", "last", "on_day")
DAYS = [*((-back, 0) for back in range(1, RESTATED_DAYS + 1)), *((ahead, ahead) for ahead in HORIZONS)]
"""Days of values but today's: from today, and known how long ahead."""


TICKS = os.sysconf("SC_CLK_TCK")


class Messages(NamedTuple):
    """Times from a message to its alerts judged, and the seconds of processor that one took."""

    times: Spread
    spent: float


class Costs(NamedTuple):
    """Seconds, but the memory (MiB). A longest one is of a single transaction.

    What is spent is seconds of processor, of this process and of PostgreSQL's for it: other work beside it, which all
    other times depend on, does not count.
    """

    taking: float
    longest_taking: float
    adopting: float
    judging: float
    judging_spent: float
    longest_judging: float
    one_value: Messages
    all_days: Messages
    one_unit: Messages
    shown_first: float
    shown_again: Spread
    look: Spread
    memory: float


class _Service(NamedTuple):
    rounds: Rounds
    judging: Judging
    display: Display
    months: MonthWatch
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
    adopting = await _timed(lambda: _adopt(service, "plan", _plan()))
    began = await _spent(opened)
    judging = [seconds async for seconds in _judged(service)]
    spent = await _spent(opened) - began
    shown = await _timed(service.display.refresh)
    some = range(7, units, units // TIMES)
    one_value = await _each(service, opened, [_told(n, 0.9) for n in some])
    again = [await _shown(service, _told(n, 0.1)) for n in some]
    all_days = await _each(service, opened, [_restated(n, 0.2 + n % 7 / 50) for n in some])
    one_unit = await _each(service, opened, [_told(units + n, 0.9) for n in range(TIMES)])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    look = await _looks(service, opened, units)
    return Costs(
        sum(taking),
        max(taking),
        adopting,
        sum(judging),
        spent,
        max(judging),
        one_value,
        all_days,
        one_unit,
        shown,
        spread(again),
        look,
        memory,
    )


async def _adopt(service: _Service, name: str, text: str) -> None:
    new = PlanChange(name, text, f"{name}.yaml", service.clock.now(), None)
    await change(service.rounds, service.clock, new)


async def _each(service: _Service, opened: asyncpg.Pool, messages: list[GroupComputed]) -> Messages:
    began = await _spent(opened)
    times = [await _heard(service, one) for one in messages]
    return Messages(spread(times), (await _spent(opened) - began) / len(messages))


async def _spent(opened: asyncpg.Pool) -> float:
    """Seconds of processor so far, of this process and of all sessions of PostgreSQL."""
    sessions = await opened.fetch("select pid from pg_stat_activity where backend_type = 'client backend'")
    return process_time() + sum(_processor(row[0]) for row in sessions)


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


async def _heard(service: _Service, told: GroupComputed) -> float:
    """From one message to its alerts judged."""
    taken = await _timed(lambda: service.rounds.observe([told], []))
    return taken + sum([seconds async for seconds in _judged(service)])


async def _shown(service: _Service, told: GroupComputed) -> float:
    """What a look at what changed takes, once alerts of a group were judged."""
    await _heard(service, told)
    return await _timed(service.display.refresh)


async def _looks(service: _Service, opened: asyncpg.Pool, units: int) -> Spread:
    """Looks for months to ask for, after all were asked for today that a rule for every unit judges."""
    first, last = months_before(RULED, BEFORE), last_whole(TODAY)
    asked = ((f"unit-{n}", "*", METRICS[0], first, last, TODAY) for n in range(units + TIMES))
    await opened.copy_records_to_table("months_asked", records=asked, columns=ASKED)
    await _adopt(service, "rules", _rules())
    async for _ in _judged(service):
        pass
    await service.months.look()
    return spread([await _timed(service.months.look) for _ in range(TIMES)])


async def _judged(service: _Service) -> AsyncIterator[float]:
    while await service.rounds.waiting():
        began = perf_counter()
        await service.judging.some()
        yield perf_counter() - began


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    began = perf_counter()
    await work()
    return perf_counter() - began


def _service(opened: asyncpg.Pool) -> _Service:
    clock, telemetry = Clock(ZoneInfo("Europe/Stockholm"), TODAY), Telemetry(CollectorRegistry())
    rounds = Rounds(opened, clock, telemetry)
    judging = Judging(rounds, clock, lambda *names: "/".join(names), telemetry, Health(clock, PART))
    months = MonthWatch(rounds, clock, MetricsService("http://127.0.0.1:9", ""))
    return _Service(rounds, judging, Display(opened, Exposition(telemetry.registry), telemetry), months, clock)


def _plan() -> str:
    targets = [
        f"  - {{id: t{n}, metric: {metric}, breach: {{above: 0.2}}, clear: {{below: 0.15}}, hold: 7d, clear_hold: 7d,"
        f" look_ahead: [30d, 60d, 90d], notify: [hr]}}"
        for n, metric in enumerate(METRICS)
    ]
    head = ["plan: plan", "settle: 0s", "recipients: {hr: {email: hr@kommun.example}}", "targets:"]
    return "\n".join([*head, *targets, ""])


def _rules() -> str:
    ruled = f"{{id: r, metric: {METRICS[0]}, breach: {{rule: shift, since: {RULED}}}, notify: [hr]}}"
    return f"plan: rules\nrecipients: {{hr: {{email: hr@kommun.example}}}}\ntargets:\n  - {ruled}\n"


def _history(units: int) -> Iterator[tuple[object, ...]]:
    for n in range(units):
        for metric in METRICS:
            for day, horizon in DAYS:
                value = 0.1 + (n + day % 3) % 7 / 50
                yield f"unit-{n}", "*", metric, TODAY + timedelta(day), horizon, 1, TODAY, "final", value


def _told(n: int, value: float) -> GroupComputed:
    return GroupComputed(
        unit=f"unit-{n}",
        unit_name=f"Enhet {n}",
        unit_path=(f"unit-{n}", f"unit-{n // 10}", "*") if n >= 10 else (f"unit-{n}", "*"),
        occupation="*",
        as_of=TODAY,
        today=TODAY,
        window_days=365,
        revision=int(datetime.now(UTC).timestamp() * 1000),
        metrics=_values(value),
    )


def _restated(n: int, value: float) -> GroupComputed:
    one = _told(n, value)
    others = tuple(DayComputed(as_of=TODAY + timedelta(day), metrics=_values(value)) for day, _ in DAYS)
    return GroupComputed(**{name: getattr(one, name) for name in one.__struct_fields__} | {"other_days": others})


def _values(value: float) -> dict[str, MetricValue]:
    measured = MetricValue(status="final", definition="d", value=value, numerator=value * 100, denominator=100)
    return dict.fromkeys(METRICS, measured)
