"""(k) What may be told of the health of units, of all there is to tell: by an earlier rule, of months and of years.

The earlier rule looked at the people of the as-of day alone. Of each unit of a simulated municipality every month end
of a year is asked for; those that nobody was in are left out.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from time import process_time
from typing import NamedTuple

import numpy as np

from cli.simulation.log import simulate
from services.metrics.domain.disclosure.decisions import Decisions, People
from services.metrics.domain.disclosure.staff import MEASURES, staff_in
from services.metrics.domain.disclosure.suppression import SMALL_GROUP, decided
from services.metrics.domain.facts.entry import entry_of
from services.metrics.domain.facts.tally import ONE, Tally
from services.metrics.domain.record.memory import Memory, by_subject
from services.metrics.domain.sums.groups import Group, Roster
from services.metrics.domain.sums.kernels import Deltas
from services.metrics.domain.sums.linked_tables import LinkedTables, Mask
from services.metrics.domain.sums.periods import Month, year_to
from services.metrics.domain.sums.tree import Tree, Trees

LAST = date(2025, 12, 31)
SIZES = ((150, 10), (300, 20), (600, 30), (1_200, 40), (5_000, 150))
"""People, and the units they work in; the fourth is the municipality of the demo."""


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
    shares = [float(shown[there].mean()) for shown in (large, before, month, year)]
    return Shown(len(groups), shares[0], shares[1], shares[2], shares[3], seconds)


def _municipality(people: int, units: int) -> tuple[Deltas, Roster, Trees]:
    first = LAST - timedelta(days=3 * 365)
    events = simulate(1, people, units, first=first, last=LAST, hostility=0.1, troubled="auto")
    memory, tally = Memory(), Tally()
    memory.fold(by_subject((event.subject, entry_of(event)) for event in events), tally)
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
