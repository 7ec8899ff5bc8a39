"""Sums that stay of a person: described as roughly as it takes, from both sides of the limit."""

from collections import Counter

import pytest

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE, Tally
from services.metrics.domain.record.keeping import kept

HERE = Cell("u", "nurse", "m", "50-")
FEW = 10


def person(cell: Cell = HERE, first: int = 100, last: int = 199) -> Tally:
    """Somebody who works some days, and is ill on two."""
    tally = Tally()
    tally.span(cell, Measure.headcount, first, last)
    tally.span(cell, Measure.sick_fte, first + 3, first + 4)
    return tally


def there(*groups: tuple[Cell, int], first: int = 1, last: int = 300) -> dict[Cell, dict[int, int]]:
    """So many people in cells."""
    return {cell: {first: number * ONE, last + 1: -number * ONE} for cell, number in groups}


def cells(tally: Tally) -> set[Cell]:
    """Where facts are."""
    return {cell for (cell, _, _), delta in tally.deltas.items() if delta}


@pytest.mark.parametrize(
    ("people", "place"),
    [
        (there((HERE, FEW + 1)), HERE),
        (there((HERE, FEW), (HERE._replace(age="-29"), 1)), Cell("u", "nurse", "m")),
        (there((HERE, FEW)), Cell("u", "unknown")),
        (there((HERE, 1), (Cell("u", "nurse", "f", "50-"), FEW)), Cell("u", "nurse")),
        (there((HERE, 1), (Cell("u", "doctor", "m", "50-"), 99)), Cell("u", "unknown")),
        (there((HERE, 1), (Cell("v", "nurse", "m", "50-"), 99)), Cell("u", "unknown")),
    ],
)
def test_how_roughly(people: dict[Cell, dict[int, int]], place: Cell):
    """As closely as more than ten people of the unit can be described."""
    found = kept(person(), people, FEW)
    assert cells(found.sums) == {place}
    assert found.coarsened == (place != HERE)


def test_on_any_day_that_the_person_was_there():
    """One day with few is enough; a day before or after is not."""
    many = there((HERE, FEW + 1))
    one_day_less = {HERE: many[HERE] | {150: -ONE, 151: ONE}}
    assert cells(kept(person(), one_day_less, FEW).sums) == {Cell("u", "unknown")}
    assert cells(kept(person(), {HERE: many[HERE] | {99: -ONE, 100: ONE}}, FEW).sums) == {HERE}
    assert cells(kept(person(), {HERE: many[HERE] | {200: -ONE}}, FEW).sums) == {HERE}


def test_totals_of_the_unit():
    """Are what they were, measure by measure and day by day."""
    both = person()
    both.add(person(Cell("u", "doctor", "m", "50-"), 200, 250))

    def totals(tally: Tally) -> Counter[tuple[str, int, int]]:
        found = Counter[tuple[str, int, int]]()
        for (cell, measure, day), delta in tally.deltas.items():
            found[cell.unit, measure, day] += delta
        return found

    found = kept(both, there((HERE, 1)), FEW)
    assert found.coarsened == 2
    assert totals(found.sums) == totals(both)


def test_who_is_counted_nowhere():
    """Facts of somebody who is on no headcount are judged on their own days."""
    hours = Tally()
    hours.point(HERE, Measure.worked_hours, 150)
    assert cells(kept(hours, there((HERE, FEW + 1)), FEW).sums) == {HERE}
    assert cells(kept(hours, there((HERE, FEW + 1), last=149), FEW).sums) == {Cell("u", "unknown")}
