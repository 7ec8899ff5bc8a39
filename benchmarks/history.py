"""(d) Cost per event as history grows: of the whole ledger, and of single people."""

from bisect import bisect_left
from datetime import date, timedelta
from itertools import accumulate
from typing import NamedTuple

from benchmarks.rig import Batch, committed, figure, put, rig
from cli.simulation.log import simulate

FIRST = date(2000, 1, 1)
BOUNDARIES = (10_000, 100_000, 1_000_000)
WINDOW = 20_000
PEOPLE = 3_000
FEW_PEOPLE = 300
YEAR_EVENTS = 38
"""Events a simulated person has in a year, about."""
SPENT = "stadga_metrics_batch_seconds_sum"


class Growth(NamedTuple):
    """Microseconds an event cost after so many events."""

    after: int
    cost: float


async def ledger() -> list[Growth]:
    """The cost of the next events after 10 k, 100 k and 1 M events of history."""
    years = (BOUNDARIES[-1] + 3 * WINDOW) / (PEOPLE * YEAR_EVENTS)
    last = FIRST + timedelta(days=round(years * 365.25) + 60)
    async with rig(STADGA_TODAY=last.isoformat()) as stack:
        events = await put(stack, simulate(2, PEOPLE, 60, first=FIRST, last=last, hostility=0.1))
        await stack.start(["metrics"])
        batches = await committed(stack, events)
    return [Growth(boundary, _cost(batches, boundary, WINDOW)) for boundary in BOUNDARIES]


async def person(earlier: int) -> Growth:
    """The cost of an event on people who have ``earlier`` events each: what their next two months bring."""
    days = round(earlier / YEAR_EVENTS * 365.25)
    switch, last = FIRST + timedelta(days=days), FIRST + timedelta(days=days + 60)
    async with rig(STADGA_TODAY=last.isoformat()) as stack:
        log = list(simulate(3, FEW_PEOPLE, 12, first=FIRST, last=last, hostility=0.1))
        before = sum(e.time.date() < switch for e in log)
        await put(stack, log[:before])
        await stack.start(["metrics"])
        await committed(stack, before)
        spent = await figure(stack, SPENT)
        await put(stack, log[before:])
        await committed(stack, len(log))
        return Growth(earlier, (await figure(stack, SPENT) - spent) / (len(log) - before) * 1e6)


def _cost(batches: list[Batch], after: int, window: int) -> float:
    """From the first batch past the boundary to the last within the window; replay leaves no pause between them."""
    totals = list(accumulate(b.events for b in batches))
    first = bisect_left(totals, after)
    last = bisect_left(totals, after + window)
    return (batches[last].at - batches[first].at) / (totals[last] - totals[first]) * 1e6
