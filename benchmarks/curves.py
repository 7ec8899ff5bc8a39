"""(q) Cost curves: what an event costs by history and people, midnight by units and years, a first load by replicas.

Sizes are moderate, so that all of it takes minutes; what comes of large ones is measured by the other parts.
"""

import asyncio
import sys
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import asyncpg

from benchmarks import large
from benchmarks.bulk import create, environment
from benchmarks.midnight import Midnight
from benchmarks.picture import Curve, drawn
from benchmarks.rig import POLL_SECONDS, Batch, committed, put, rig
from benchmarks.town import Town
from cli.local.stack import Stack
from cli.simulation.log import simulate

LAST = date(2025, 12, 31)
YEAR, DAYS = 365, 60
YEAR_EVENTS = 40
"""Events a simulated person has in a year, about."""
BATCH = "2000"
RATE = """
select (sum(events) - (array_agg(events order by at))[1]) / extract(epoch from max(at) - min(at)) from metrics.batches
"""
TAKEN_IN = "select coalesce(sum(next), 0) from metrics.offsets"


class Sizes(NamedTuple):
    """How much of what is measured. ``history`` is how many people the events of the first curve are about."""

    events: Sequence[int] = (5_000, 10_000, 20_000, 40_000, 80_000, 120_000)
    history: int = 2_000
    people: Sequence[int] = (500, 1_000, 2_000, 4_000)
    units: Sequence[int] = (100, 300, 1_000)
    years: Sequence[int] = (1, 3, 10)
    replicas: Sequence[int] = (1, 2, 3)


PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "cost-curves.png"
SIZES, SMALL = Sizes(), Sizes((500, 1_000, 2_000), 100, (50, 100), (10, 30), (1, 2), (1, 2))
"""To see that all of it works."""
PEOPLE_A_UNIT = 10


async def measure(sizes: Sizes = SIZES) -> list[Curve]:
    """All curves, one after another."""
    by_units = [await _midnight(units, 1) for units in sizes.units]
    by_years = [await _midnight(sizes.units[-1], years) for years in sizes.years]
    return [
        Curve("An event, by what was taken in before", "events before", "µs", await _by_events(sizes)),
        Curve("An event, by people", "people", "µs", [(n, await _of_people(n)) for n in sizes.people]),
        Curve("A new day, by units", f"units of {PEOPLE_A_UNIT} people", "s", _new_days(sizes.units, by_units)),
        Curve("A start, by units", f"units of {PEOPLE_A_UNIT} people", "s", _starts(sizes.units, by_units)),
        Curve("A new day, by years", f"years of {sizes.units[-1]:,} units", "s", _new_days(sizes.years, by_years)),
        Curve("The stream, by replicas", "replicas", "events/s", await _by_replicas(sizes)),
    ]


def draw(curves: Sequence[Curve], foot: str) -> None:
    """Write the picture."""
    drawn(curves, foot).savefig(PICTURE, format="png", metadata={"Title": "Cost curves"})


async def _by_events(sizes: Sizes) -> list[tuple[float, float]]:
    """The next tenth of what came before, and at least two batches."""
    last = sizes.events[-1] * 5 // 4
    days = round(last / sizes.history / YEAR_EVENTS * YEAR) + DAYS
    first = LAST - timedelta(days=days)
    async with rig(STADGA_TODAY=LAST.isoformat(), STADGA_BATCH=BATCH) as stack:
        events = await put(stack, simulate(2, sizes.history, 60, first=first, last=LAST, hostility=0.1))
        await stack.start(["metrics"])
        batches = await committed(stack, events)
    return [(float(n), _cost(batches, n, max(n // 10, 2 * int(BATCH)))) for n in sizes.events if n * 1.2 < events]


def _cost(batches: Sequence[Batch], after: int, window: int) -> float:
    """Microseconds an event, of a window of events behind some."""
    totals = list(accumulate(b.events for b in batches))
    first, last = bisect_left(totals, after), min(bisect_left(totals, after + window), len(totals) - 1)
    return (batches[last].at - batches[first].at) / (totals[last] - totals[first]) * 1e6


async def _of_people(people: int) -> float:
    """Some days of so many people, with all that was there on the first."""
    async with rig(STADGA_TODAY=LAST.isoformat(), STADGA_BATCH=BATCH) as stack:
        log = simulate(3, people, people // PEOPLE_A_UNIT, first=LAST - timedelta(days=DAYS), last=LAST, hostility=0.1)
        events = await put(stack, log)
        await stack.start(["metrics"])
        batches = await committed(stack, events)
    return (batches[-1].at - batches[0].at) / sum(b.events for b in batches[1:]) * 1e6


async def _midnight(units: int, years: int) -> Midnight:
    return await large.midnight_of(Town(units, units * PEOPLE_A_UNIT, years, LAST))


def _new_days(by: Sequence[int], found: Sequence[Midnight]) -> list[tuple[float, float]]:
    return [(float(n), one.new_day.seconds) for n, one in zip(by, found, strict=True)]


def _starts(by: Sequence[int], found: Sequence[Midnight]) -> list[tuple[float, float]]:
    return [(float(n), one.start.seconds) for n, one in zip(by, found, strict=True)]


async def _by_replicas(sizes: Sizes) -> list[tuple[float, float]]:
    """The same log, by one process, then by two, into a database of its own each time."""
    async with rig(STADGA_TODAY=LAST.isoformat()) as stack:
        log = simulate(4, sizes.people[-1], 60, first=LAST - timedelta(days=2 * DAYS), last=LAST, hostility=0.1)
        events = await put(stack, log)
        return [(float(n), await _together(stack, n, events)) for n in sizes.replicas]


async def _together(stack: Stack, replicas: int, events: int) -> float:
    """Events a second of so many processes, from the first commit to the last; the first batch is left out."""
    url = await create(stack, f"{stack.database_url.rpartition('/')[0]}/replicas_{replicas}")
    group, connection = f"replicas-{replicas}", await asyncpg.connect(url)
    with stack.log(group).open("wb") as log_file:
        processes = [
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "services.metrics",
                env={**environment(stack, group, url, "0"), "STADGA_BATCH": BATCH},
                stderr=log_file,
            )
            for _ in range(replicas)
        ]
    try:
        while await connection.fetchval(TAKEN_IN) < events:
            await asyncio.sleep(POLL_SECONDS)
        return float(await connection.fetchval(RATE))
    finally:
        for process in processes:
            process.terminate()
            await process.wait()
        await connection.close()
