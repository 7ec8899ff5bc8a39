"""Somebody who knows where everybody works reads the months of a simulated municipality, and looks for ten or fewer."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from cli.simulation.log import simulate
from services.metrics.domain.disclosure.staff import HAPPENED
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.entry import entry_of
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE, Tally
from services.metrics.domain.record.memory import Memory, by_subject
from services.metrics.domain.sums.groups import DIMENSIONS
from services.metrics.domain.sums.periods import Month, month_of
from services.metrics.domain.sums.tree import Trees
from tests.unit.metrics.attacker import Kind, Name, Town, computed, secrets
from tests.unit.metrics.folding import Folded, rows_by
from tests.unit.metrics.test_attack import shown

LAST = date(2025, 12, 31)


def simulated(people: int, units: int) -> Folded:
    """A municipality over three years, its log as hostile as that of the demo."""
    first = LAST - timedelta(days=3 * 365)
    memory, tally = Memory(), Tally()
    events = simulate(1, people, units, first=first, last=LAST, hostility=0.1, troubled="auto")
    memory.fold(by_subject((event.subject, entry_of(event)) for event in events), tally)
    return Folded({place: delta for place, delta in tally.deltas.items() if delta}, {}, memory)


def town(folded: Folded, month: Month) -> Town:
    """The fewest of each kind of people on any day of a month, of those that anybody was of."""
    levels: dict[tuple[Cell, int], dict[int, int]] = {}
    for (cell, measure, on), delta in folded.facts.items():
        if measure in {Measure.headcount, Measure.scheduled_fte} and on <= month.last:
            days = levels.setdefault((cell, measure), {})
            days[max(on, month.first)] = days.get(max(on, month.first), 0) + delta
    ill = {c for (c, m, on), _ in folded.facts.items() if m in HAPPENED and month.first <= on <= month.last}
    people: dict[Kind, int] = {tuple(cell): 0 for cell in ill}
    for (cell, measure), changes in levels.items():
        here = _levels(changes, month)
        if any(level != 0 for level in here):
            people.setdefault(tuple(cell), 0)
        if measure == Measure.headcount and any(level > 0 for level in here):
            people[tuple(cell)] = max(0, min(here)) // ONE
    return Town(people, Trees(folded.memory.definitions).early(month.first).parents)


def _levels(changes: Mapping[int, int], month: Month) -> list[int]:
    """Day by day."""
    found, level = [], 0
    for on in range(month.first, month.last + 1):
        level += changes.get(on, 0)
        found.append(level)
    return found


def told_of(folded: Folded, month: Month) -> set[Name]:
    """The groups whose sickness in the month is told."""
    last = date.fromordinal(month.last).isoformat()
    return shown(rows_by(folded, last, *DIMENSIONS, window=month.last - month.first + 1))


def found_in(folded: Folded, month: Month) -> list[Name]:
    """What follows about ten or fewer."""
    there = town(folded, month)
    assert secrets(there)
    return computed(there, told_of(folded, month))


@pytest.mark.parametrize("month", [3, 11])
def test_nothing_is_found(month: int):
    """No sum about ten people or fewer follows from all that is told of a month."""
    folded = simulated(150, 10)
    assert told_of(folded, month_of(date(2025, month, 1).toordinal()))
    assert found_in(folded, month_of(date(2025, month, 1).toordinal())) == []
