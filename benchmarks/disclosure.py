"""(k) What may be told of the health of units, of all there is to tell: by an earlier rule, of months and of years.

The earlier rule looked at the people of the as-of day alone. Of each unit of a simulated municipality every month end
of a year is asked for; those that nobody was in are left out. And how long a question about health takes.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product
from time import perf_counter, process_time
from typing import NamedTuple

import httpx
import numpy as np

from benchmarks.rig import put, rig
from benchmarks.timing import Spread, spread
from cli.simulation.log import simulate
from services.metrics.domain.decisions import Decisions, People
from services.metrics.domain.entry import told
from services.metrics.domain.groups import Group, Roster
from services.metrics.domain.kernels import Deltas
from services.metrics.domain.linked_tables import LinkedTables, Mask
from services.metrics.domain.memory import Memory, by_subject
from services.metrics.domain.months import Month, year_to
from services.metrics.domain.staff import MEASURES, staff_in
from services.metrics.domain.suppression import SMALL_GROUP, decided
from services.metrics.domain.tally import ONE, Tally
from services.metrics.domain.tree import Tree
from services.metrics.domain.trees import Trees

LAST = date(2025, 12, 31)
SIZES = ((150, 10), (300, 20), (600, 30), (1_200, 40), (5_000, 150))
"""People, and the units they work in; the fourth is the municipality of the demo."""
QUESTIONS = [
    {"as_of": f"2025-{month:02}-15", "metrics": metric, "by": by, "unit": unit}
    for month, metric, by, unit in product(
        range(4, 12), ("sick_rate", "overtime_share"), ("occupation", "gender", "age"), ("*", "ifo", "alf", "ifo-bou")
    )
]


class Shown(NamedTuple):
    """The shares of units × month ends: of more than ten people, told by the earlier rule, of a month and of a year.

    ``seconds`` of processor time decided all months.
    """

    units: int
    large: float
    before: float
    month: float
    year: float
    seconds: float


def measure(people: int, units: int) -> Shown:
    """Of a municipality of that size."""
    facts, roster, trees = _municipality(people, units)
    placed, months = trees.on(LAST.toordinal()), year_to(LAST.toordinal())
    groups = sorted({Group(unit) for cell in roster.cells for unit in placed.path(cell.unit)})
    began, known = process_time(), Decisions()
    all_of = People(dict(enumerate(roster.cells)), facts, trees)
    month, year = (
        ~known.hidden(all_of, groups, placed, periods)
        for periods in ([(one,) for one in months], [year_to(one.last) for one in months])
    )
    seconds = process_time() - began
    day = [_on_the_day(roster, facts, placed, groups, one) for one in months]
    there, large, before = (np.array(column).T for column in zip(*day, strict=True))
    return Shown(len(groups), *(float(shown[there].mean()) for shown in (large, before, month, year)), seconds)


def _municipality(people: int, units: int) -> tuple[Deltas, Roster, Trees]:
    first = LAST - timedelta(days=3 * 365)
    events = simulate(1, people, units, first=first, last=LAST, hostility=0.1, troubled="auto")
    memory, tally = Memory(), Tally()
    memory.fold(by_subject((event.subject, told(event)) for event in events), tally)
    trees = Trees(memory.definitions)
    roster = Roster(trees.on(LAST.toordinal()))
    return roster.columns(fact for fact in tally.facts() if fact.measure in MEASURES), roster, trees


def _on_the_day(
    roster: Roster, facts: Deltas, placed: Tree, groups: Sequence[Group], month: Month
) -> tuple[Mask, Mask, Mask]:
    """Whether anybody was in each group in the month, whether it had more than ten on the last day, and was told."""
    cells = list(roster.cells)
    heads = staff_in(len(cells), facts, Month(month.last, month.last)).heads
    there = staff_in(len(cells), facts, month).there
    tables = LinkedTables(cells, placed)
    rows = tables.rows(groups)
    hidden = decided(tables, heads, there, SMALL_GROUP)[rows]
    some = (tables.members @ there > 0)[rows]
    return some, (tables.members @ heads)[rows] > SMALL_GROUP * ONE, ~hidden


async def asked() -> Spread:
    """How long questions about the demo's municipality take, each once, after one that decides the months."""
    settings = {"STADGA_TODAY": LAST.isoformat(), "STADGA_HEALTH_SETTLE_SECONDS": "2"}
    first = LAST - timedelta(days=3 * 365)
    async with rig(**settings) as stack:
        await put(stack, simulate(1, 1_200, 40, first=first, last=LAST, hostility=0.1, troubled="auto"))
        await stack.start(("metrics",))
        async with httpx.AsyncClient(base_url=stack.address("metrics"), timeout=60) as client:
            while (await _ask(client, QUESTIONS[0]))[1] != "final":
                await asyncio.sleep(1)
            for question in QUESTIONS:
                await _ask(client, {**question, "metrics": "short_spell_rate"})
            return spread([(await _ask(client, question))[0] for question in QUESTIONS])


async def _ask(client: httpx.AsyncClient, question: dict[str, str]) -> tuple[float, str]:
    """How long an answer takes, and the status of its first value."""
    began = perf_counter()
    answer = await client.get("/v1/metrics", params=question)
    seconds = perf_counter() - began
    answer.raise_for_status()
    groups = answer.json()["groups"]
    return seconds, groups[0]["metrics"][question["metrics"]]["status"] if groups else ""
