"""(d) Cost per event as history grows: of the whole ledger, and of single people."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from time import process_time
from typing import NamedTuple

import asyncpg

from benchmarks.rig import Batch, committed, figure, published, put, rig, spent
from cli.simulation.log import simulate
from services.metrics.intake import batch, remake, repository
from services.metrics.intake.repository import Cells, OffsetRange
from shared.contracts import envelope
from shared.contracts.topics import HR_EVENTS
from shared.kit.database import pool
from shared.kit.dead_letters import UNLIMITED

FIRST = date(2000, 1, 1)
BOUNDARIES = (10_000, 100_000, 1_000_000)
WINDOW = 20_000
PEOPLE = 3_000
FEW_PEOPLE = 300
YEAR_EVENTS = 38
"""Events a simulated person has in a year, about."""
INTAKE_PEOPLE = 100
FEW = 50
"""Events of a batch, as they come a few a second."""
PLACE = (HR_EVENTS.name, 0)
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
        await published(stack)
        began = await figure(stack, SPENT)
        await put(stack, log[before:])
        await committed(stack, len(log))
        return Growth(earlier, (await figure(stack, SPENT) - began) / (len(log) - before) * 1e6)


class Intake(NamedTuple):
    """Microseconds of processor time that taking in an event cost: of the process that folds, and of PostgreSQL."""

    folding: float
    storing: float


async def intake(earlier: int) -> Intake:
    """The same, folded and committed in this process a few events at a time: nothing is valued meanwhile."""
    days = round(earlier / YEAR_EVENTS * 365.25)
    switch, last = FIRST + timedelta(days=days), FIRST + timedelta(days=days + 60)
    log = list(simulate(3, INTAKE_PEOPLE, 12, first=FIRST, last=last, hostility=0.1))
    before = sum(e.time.date() < switch for e in log)
    messages = [_Message(n, envelope.encode(event)) for n, event in enumerate(log)]
    async with rig() as stack, pool(stack.database_url, "metrics") as opened:
        await remake.ensure(opened, lambda _: None)
        await repository.positions(opened, [PLACE])
        await _write(opened, messages[:before], WINDOW)
        await opened.execute("vacuum analyze parts")
        began, stored = process_time(), spent(stack, "postgres")
        await _write(opened, messages[before:], FEW)
        count = (len(log) - before) / 1e6
        return Intake((process_time() - began) / count, (spent(stack, "postgres") - stored) / count)


class _Message(NamedTuple):
    offset: int
    value: bytes
    key: None = None
    topic: str = PLACE[0]
    partition: int = PLACE[1]


async def _write(opened: asyncpg.Pool, messages: Sequence[_Message], size: int) -> None:
    cells = Cells(opened)
    for start in range(0, len(messages), size):
        some = messages[start : start + size]
        span = OffsetRange(PLACE, some[0].offset, some[-1].offset + 1)
        await batch.write(opened, cells, [span], batch.decode(some), UNLIMITED, 1)


def _cost(batches: list[Batch], after: int, window: int) -> float:
    """From the first batch past the boundary to the last within the window; replay leaves no pause between them."""
    totals = list(accumulate(b.events for b in batches))
    first = bisect_left(totals, after)
    last = bisect_left(totals, after + window)
    return (batches[last].at - batches[first].at) / (totals[last] - totals[first]) * 1e6
