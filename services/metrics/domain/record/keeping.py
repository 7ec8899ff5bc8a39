"""Which sums stay of a person who is erased: what they contributed, described as roughly as it takes.

A fact says where it counts: unit, occupation, gender, age band. Where few people are so described together, it would
say who. So the description is cut, from its end, until more than a few fit it on every day that the person was there.
The unit is never cut: its totals stay what they were.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from services.metrics.domain.facts.cell import FOREVER, UNKNOWN, Cell
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE, Tally

OF_PEOPLE = (Measure.headcount, Measure.fixed_term_headcount)
"""Measures that count people by the day."""
Changes = Mapping[int, int]
"""By day, by how much a level changes."""


class Kept(NamedTuple):
    """The sums that stay, and how many of the person's cells were described more roughly."""

    sums: Tally
    coarsened: int


def kept(contributed: Tally, people: Mapping[Cell, Changes], few: int) -> Kept:
    """Of what a person contributed; ``people`` is how many are in all cells of the units, the person among them."""
    own = defaultdict[Cell, list[tuple[int, int, int]]](list)
    for (cell, measure, day), delta in contributed.deltas.items():
        if delta:
            own[cell].append((measure, day, delta))
    sums, coarsened = Tally(), 0
    for cell, facts in own.items():
        place = _described(cell, _spans(facts), people, few)
        coarsened += place != cell
        for measure, day, delta in facts:
            sums.point(place, measure, day, delta)
    return Kept(sums, coarsened)


def _described(cell: Cell, spans: list[tuple[int, int]], people: Mapping[Cell, Changes], few: int) -> Cell:
    """The closest description that more than a few people fit."""
    for place in (cell, cell._replace(age=UNKNOWN), cell._replace(gender=UNKNOWN, age=UNKNOWN)):
        if _fewest(_level(place, people), spans) > few * ONE:
            return place
    return Cell(cell.unit, UNKNOWN)


def _level(place: Cell, people: Mapping[Cell, Changes]) -> Changes:
    """How many fit a description: what it leaves unknown may be anything."""
    total = defaultdict[int, int](int)
    for cell, changes in people.items():
        if (
            all(said in {UNKNOWN, its} for said, its in zip(place[1:], cell[1:], strict=True))
            and cell.unit == place.unit
        ):
            for day, delta in changes.items():
                total[day] += delta
    return total


def _spans(facts: Iterable[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """The days on which a person is counted in a cell; of one who never is, the days of the facts."""
    changes = defaultdict[int, int](int)
    for measure, day, delta in facts:
        if measure in OF_PEOPLE:
            changes[day] += delta
    spans, level, since = list[tuple[int, int]](), 0, 0
    for day in sorted(changes):
        if level > 0:
            spans.append((since, day - 1))
        level, since = level + changes[day], day
    if level > 0:
        spans.append((since, FOREVER))
    return spans or [(day, day) for _, day, _ in facts]


def _fewest(level: Changes, spans: list[tuple[int, int]]) -> int:
    """The least level on any of the days."""
    days = sorted(level)
    least, now = FOREVER * ONE, 0
    for day, until in zip([0, *days], [*days, FOREVER + 1], strict=True):
        now += level.get(day, 0)
        if any(first < until and day <= last for first, last in spans):
            least = min(least, now)
    return least
