"""(l) The board: each page of a municipality with three years of values, and the table of a very large one.

The services run as they do for people: metrics over a ledger made up directly, alerts with a plan of five targets.
"""

import asyncio
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter, time
from typing import NamedTuple

import asyncpg
import httpx

from benchmarks.large import evaluating
from benchmarks.rig import peak_memory, rig
from benchmarks.town import Town, settle, unit
from cli.local.stack import Stack

TOWN = Town(units=1_000, people=20_000, years=3, last=date(2025, 12, 31))
LARGE = 10_000
METRICS = ("leaver_rate", "sick_rate", "overtime_share", "caseload", "documentation_share")
REQUESTS = 100
WARM = 3
POLL_SECONDS, PATIENCE_SECONDS = 1.0, 3_600

PAGES = {
    "a unit": "/board/units/{unit}",
    "all promises": "/board/promises?page={page}",
    "all promises, filtered and sorted": "/board/promises?text=5&sort=unit&back=true&metric=sick_rate",
    "an alert": "/board/alerts/plan/t0/{unit}",
    "a plan": "/board/plans/plan",
    "a metric": "/board/metrics/overtime_share?unit={unit}",
    "the data": "/board/data",
    "the start": "/board/?find=0{page}",
}
TABLE = ("/board/promises", "/board/promises?page=500", "/board/promises?sort=unit&back=true&text=9", "/board/data")

MULTIPLIED = """
insert into units (unit, name, path, today, revision, whole, closed, round)
select 'more-' || n, 'Enhet ' || n, array['more-' || n, '*'], $1, 1, true, false, 0 from generate_series(1, $2) n
"""
STANDINGS = """
insert into standings (plan, target, unit, version, state, since, steps, watched, memory, view, evaluated, round)
select plan, target, 'more-' || n, version, state, since, steps, watched, memory,
    view || jsonb_build_object('unit', 'more-' || n, 'unit_name', 'Enhet ' || n), evaluated, round
from standings, generate_series(1, $1) n where unit = $2
"""


class PageTimes(NamedTuple):
    """Seconds: the median, the 95th percentile and the worst."""

    p50: float
    p95: float
    worst: float


class Boarding(NamedTuple):
    """The pages of the town; those of the large table; peak memory of alerts with the one and the other, MiB."""

    pages: dict[str, PageTimes]
    memory: float
    table: PageTimes
    memory_of_table: float


async def measure() -> Boarding:
    """The town first, then so many more units."""
    with tempfile.TemporaryDirectory(prefix="stadga-bench-") as folder:
        plan = Path(folder) / "plan.yaml"
        plan.write_text(_plan(), encoding="utf-8")
        async with rig(STADGA_TODAY=TOWN.last.isoformat(), STADGA_PLANS=str(plan)) as stack:
            await settle(stack, TOWN)
            await evaluating(stack)
            await stack.start(["alerts"])
            await _judged(stack, TOWN.units * len(METRICS))
            async with httpx.AsyncClient(base_url=stack.address("alerts"), timeout=60) as http:
                pages = {name: await _times(http, [path] * REQUESTS) for name, path in PAGES.items()}
                memory = peak_memory(stack, "alerts")
                await _enlarge(stack)
                table = await _times(http, list(TABLE) * (REQUESTS // len(TABLE)))
            return Boarding(pages, memory, table, peak_memory(stack, "alerts"))


async def _times(http: httpx.AsyncClient, paths: list[str]) -> PageTimes:
    times = []
    for n, path in enumerate(paths):
        asked = path.format(unit=unit(n * 97 % TOWN.units), page=1 + n % 50)
        began = perf_counter()
        answer = await http.get(asked)
        times.append(perf_counter() - began)
        answer.raise_for_status()
        if n >= WARM and "svarar inte just nu" in answer.text:  # at first metrics reads its facts into memory
            raise ValueError(f"{asked}: the metrics service did not answer")
    ordered = sorted(times[WARM:])
    return PageTimes(ordered[len(ordered) // 2], ordered[int(0.95 * len(ordered))], ordered[-1])


async def _judged(stack: Stack, alerts: int) -> None:
    """Wait until so many alerts are judged, and none is due."""
    connection = await asyncpg.connect(stack.database_url, server_settings={"search_path": "alerts"})
    deadline = time() + PATIENCE_SECONDS
    try:
        while await connection.fetchval("select count(*) from standings where watched") < alerts or (
            await connection.fetchval("select count(*) from due")
        ):
            if time() > deadline:
                raise TimeoutError(f"{alerts} alerts are not judged within {PATIENCE_SECONDS} s")
            await asyncio.sleep(POLL_SECONDS)
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()


async def _enlarge(stack: Stack) -> None:
    """As many more units, each with the alerts of one that there is."""
    connection = await asyncpg.connect(stack.database_url, server_settings={"search_path": "alerts"})
    try:
        more = LARGE - TOWN.units
        await connection.execute(MULTIPLIED, TOWN.last, more)
        await connection.execute(STANDINGS, more, unit(1))
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()


def _plan() -> str:
    targets = [
        f"  - {{id: t{n}, metric: {metric}, breach: {{above: 0.05}}, hold: 7d, notify: [hr], measures: [mentor]}}"
        for n, metric in enumerate(METRICS)
    ]
    head = ["plan: plan", "settle: 1h", "recipients: {hr: {email: hr@kommun.example}}", "targets:"]
    return "\n".join([*head, *targets, "measures: [{id: mentor, owner: hr}]", ""])
