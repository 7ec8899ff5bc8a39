"""Sums that 64 bits do not hold: they are told as they are, and never wrap around."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.domain.disclosure.staff import staff_in
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE, Tally
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.kernels import DAYS, LEVEL, WITHIN, Deltas, total
from services.metrics.domain.sums.periods import month_of
from services.metrics.domain.sums.tree import Trees
from services.metrics.domain.values.book import Book
from services.metrics.domain.values.restatement import states

TODAY = date(2024, 12, 30).toordinal()
LARGEST = 10_000_000_000


def columns(*rows: tuple[int, int, int, int]) -> Deltas:
    """Facts as columns."""
    return Deltas(*np.array(rows, np.int64).reshape(-1, 4).T)


def test_a_thousand_of_the_largest_costs():
    """A cost of ten billion a thousand times on one day is ten thousand billion, not what is left of it in 64 bits."""
    spans = [(0, Measure.personnel_cost, day, delta) for day, delta in ((TODAY, LARGEST * ONE),) for _ in range(1_000)]
    sums = total(columns(*spans), [[0]], 1, np.array([TODAY]), 365)
    assert sums.flow(Measure.personnel_cost).tolist() == [[1_000.0 * LARGEST]]


def test_a_billion_open_cases_thirty_times():
    """Level, average and days of many cases are above zero, and exact."""
    cases = [(0, Measure.open_cases, TODAY - 364, 1_000_000_000 * ONE)] * 30
    sums = total(columns(*cases), [[0]], 1, np.array([TODAY]), 365)
    assert sums.level(Measure.open_cases).tolist() == [[3e10]]
    assert sums.weighed(Measure.open_cases, DAYS).tolist() == [[3e10 * 365]]


def test_what_is_large_leaves_the_rest_as_it_is():
    """Other measures and other groups beside a sum that is too large come to what they do alone."""
    rest = [(1, Measure.open_cases, TODAY - n, n * ONE // 3) for n in range(1, 50)]
    large = [(0, Measure.personnel_cost, TODAY - 1, LARGEST * ONE)] * 2_000
    belongs = [[0, 2], [1, 2]]
    alone, both = (total(columns(*rows), belongs, 3, np.array([TODAY]), 365) for rows in (rest, rest + large))
    for kernel in (LEVEL, WITHIN, DAYS):
        assert (both.raw[Measure.open_cases, kernel] == alone.raw[Measure.open_cases, kernel]).all()


def test_groups_that_add_up_to_too_much():
    """Each cell fits, and the whole does not."""
    cells = [(cell, Measure.open_cases, TODAY - 364, 8_000_000_000 * ONE) for cell in range(400)]
    sums = total(columns(*cells), [[cell, 400] for cell in range(400)], 401, np.array([TODAY]), 365)
    days = sums.weighed(Measure.open_cases, DAYS)[:, 0].tolist()
    assert days == [8e9 * 365] * 400 + [400 * 8e9 * 365]


STAFF = (0, Measure.headcount, TODAY - 800, 20 * ONE)
"""So many are there that what they cost is told."""


def book(facts: list[tuple[int, int, int, int]]) -> Book:
    """A book of one unit with two occupations."""
    made = Book(Trees({}), TODAY, 365)
    made.know([(0, Cell("u", "o")), (1, Cell("u", "p"))])
    made.add([STAFF, *facts])
    return made


def costs(of: Book) -> dict[Group, float | None]:
    """Today's cost of personnel by group, as it changed."""
    return {
        p.group: p.metrics["agency_cost_share"].denominator
        for some in of.changed()
        for p in some
        if p.as_of == TODAY and "agency_cost_share" in p.metrics
    }


def test_a_board_that_is_added_to():
    """Costs that come one by one past the range are published as what they add up to, and are gone when taken back."""
    made = book([(0, Measure.personnel_cost, TODAY, LARGEST * ONE)])
    costs(made)
    for n in range(1, 1_001, 250):
        made.add([(0, Measure.personnel_cost, TODAY, LARGEST * ONE)] * 250)
        assert costs(made)[Group("u")] == (n + 250.0) * LARGEST
    made.add([(0, Measure.personnel_cost, TODAY, -LARGEST * ONE)] * 1_001)
    assert costs(made)[Group("u")] == 0


def test_a_new_day_after_the_range_was_passed():
    """The book turns with sums that are too large, and holds them as before."""
    facts = [(0, Measure.personnel_cost, TODAY, LARGEST * ONE)] * 1_000
    made = book(facts)
    costs(made)
    fresh = made.ahead(TODAY + 1)
    made.prepare(fresh, [STAFF, *facts])
    made.turn(TODAY + 1, fresh)
    shown = {(p.group, p.as_of): p.metrics for some in made.changed() for p in some}
    assert shown[Group("u"), TODAY + 1]["agency_cost_share"].denominator == 2_000.0 * LARGEST


def test_restatements():
    """Batch after batch adds up past the range."""
    facts = columns(*[(state, Measure.open_cases, TODAY - 364, 8_000_000_000 * ONE) for state in range(400)])
    sums = states(facts, 400, np.array([TODAY]), 365, 150.0)
    assert sums.weighed(Measure.open_cases, DAYS)[-1].tolist() == [400 * 8e9 * 365]


@pytest.mark.parametrize("people", [LARGEST, -LARGEST])
def test_staff(people: int):
    """Who is there is decided on also where the count of people makes no sense."""
    facts = columns(*[(0, Measure.headcount, TODAY - 60, people * ONE // 2)] * 1_500)
    found = staff_in(1, facts, month_of(TODAY))
    assert np.sign(found.heads[0]) == np.sign(people)


@given(st.integers(-(2**70), 2**70))
def test_a_fact_of_one_batch(amount: int):
    """What a batch adds to one cell on one day is stored in parts that 64 bits hold."""
    tally = Tally()
    tally.point(Cell("u", "o"), Measure.personnel_cost, TODAY, amount)
    deltas = [fact.delta for fact in tally.facts()]
    assert sum(deltas) == amount
    assert all(0 < abs(delta) < 2**63 for delta in deltas)
