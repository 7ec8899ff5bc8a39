"""Decisions on whose health is hidden, remembered: they are what they would be if made anew."""

from collections import Counter
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.metrics.domain.disclosure.decisions import Decisions, People
from services.metrics.domain.disclosure.staff import HAPPENED, staff_in
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.groups import groups_of
from services.metrics.domain.sums.kernels import Deltas
from services.metrics.domain.sums.linked_tables import Mask
from services.metrics.domain.sums.periods import month_of, months_of
from services.metrics.domain.sums.tree import Tree, Trees
from tests import builders as make
from tests.unit.metrics.folding import Standing, fold

FIRST = date(2023, 1, 1).toordinal()
DAYS = np.array([FIRST + 400, FIRST + 430, FIRST + 460])
TREE = Tree({"u": "d", "v": "d"}, {}, {})
CELLS = {7 + n: Cell(unit, "o", gender) for n, (unit, gender) in enumerate((u, g) for u in "uvd" for g in "fm")}
GROUPS = sorted({group for cell in CELLS.values() for group in groups_of(cell, TREE)})

Row = tuple[int, int, int, int]
PEOPLE = st.tuples(
    st.sampled_from(sorted(CELLS)),
    st.sampled_from([Measure.headcount, Measure.scheduled_fte, *HAPPENED]),
    st.integers(FIRST, FIRST + 500),
    st.integers(-5, 15).map(lambda n: n * ONE),
)
SOME = st.lists(PEOPLE, min_size=1, max_size=12)


def people(rows: list[Row], cells: dict[int, Cell] | None = None) -> People:
    """Those of some facts."""
    return People(cells or CELLS, Deltas(*np.array(rows, np.int64).T), Standing(TREE))


def hidden(known: Decisions, them: People, window: int) -> Mask:
    """What is hidden of all groups on the days."""
    return known.hidden(them, GROUPS, TREE, [tuple(months_of(day, window)) for day in DAYS.tolist()])


@given(SOME, SOME, st.sampled_from([30, 365, 500]))
@settings(deadline=None, max_examples=25)
def test_remembered_is_what_is_decided_anew(before: list[Row], then: list[Row], window: int):
    """Also after people came to be known of: months before the first of them stand, the others are decided again."""
    known = Decisions()
    assert (hidden(known, people(before), window) == hidden(Decisions(), people(before), window)).all()
    known.forget(min(day for _, _, day, _ in then))
    both = people([*before, *then])
    assert (hidden(known, both, window) == hidden(Decisions(), both, window)).all()


@given(SOME, SOME)
@settings(deadline=None, max_examples=50)
def test_what_is_taken_back_hides_nobody(stays: list[Row], gone: list[Row]):
    """Facts that cancel are the same as none, in whichever portions of a log they came."""
    back = [(cell, measure, day, -delta) for cell, measure, day, delta in gone]
    both = hidden(Decisions(), people([*stays, *gone, *back]), 365)
    assert (both == hidden(Decisions(), people(stays), 365)).all()


@given(SOME)
@settings(deadline=None, max_examples=10)
def test_decisions_outlive_new_cells(rows: list[Row]):
    """A cell that nobody was in before changes no earlier month."""
    known, more = Decisions(), {**CELLS, 99: Cell("u", "p", "f")}
    hidden(known, people(rows), 365)
    came = people([*rows, (99, Measure.headcount, int(DAYS[1]), 20 * ONE)], more)
    known.forget(int(DAYS[1]))
    assert (hidden(known, came, 365) == hidden(Decisions(), came, 365)).all()


@given(SOME, st.integers(FIRST, FIRST + 500).map(month_of))
@settings(deadline=None, max_examples=200)
def test_staff_of_a_month(rows: list[Row], month: tuple[int, int]):
    """The fewest of any day, and whether anybody is there, as counted day by day."""
    facts = people([(cell - 7, *rest) for cell, *rest in rows]).facts
    found = staff_in(len(CELLS), facts, month_of(month[0]))
    for cell in range(len(CELLS)):
        levels = [
            {
                measure: sum(delta for n, m, at, delta in rows if n - 7 == cell and m == measure and at <= day)
                for measure in (Measure.headcount, Measure.scheduled_fte)
            }
            for day in range(month[0], month[1] + 1)
        ]
        ill = Counter[tuple[int, int]]()
        for n, measure, at, delta in rows:
            if n - 7 == cell and measure in HAPPENED and month[0] <= at <= month[1]:
                ill[measure, at] += delta
        seen = any(one[Measure.headcount] > 0 or one[Measure.scheduled_fte] for one in levels)
        assert found.heads[cell] == min(one[Measure.headcount] for one in levels)
        assert found.there[cell] == (seen or any(ill.values()))


def test_a_tree_that_comes_to_be_known():
    """Months decided before are decided anew with its groups: the men of a and b are two, and no other tells of them.

    All less all women, less what the same leaves of c, would be these two.
    """
    sizes = {("a", "f"): 20, ("a", "m"): 1, ("b", "f"): 20, ("b", "m"): 1}
    sizes |= {("c", "f"): 30, ("c", "m"): 9, ("c", "x"): 2}
    cells = {n: Cell(unit, "o", gender) for n, (unit, gender) in enumerate(sizes)}
    facts = Deltas(*np.array([(n, Measure.headcount, FIRST, s * ONE) for n, s in enumerate(sizes.values())]).T)
    defined = [make.unit_defined(unit) for unit in "abcd"]
    joined = [make.unit_defined(u, "2024-06-01", parent="d", time="2024-06-01T08:00:00Z") for u in "ab"]
    groups = sorted({group for cell in cells.values() for group in groups_of(cell, Tree({}, {}, {}))})

    def asked(known: Decisions, *events: make.Event) -> Mask:
        trees = Trees(fold(*events).memory.definitions)
        return known.hidden(People(cells, facts, trees), groups, Tree({}, {}, {}), [tuple(months_of(int(DAYS[0]), 30))])

    known = Decisions()
    before, then = asked(known, *defined), asked(known, *defined, *joined)
    assert (then == asked(Decisions(), *defined, *joined)).all()
    assert before.sum() < then.sum()


def test_months_that_a_window_touches():
    """From the month of its first day to that of its last; no days touch none."""
    last = date(2024, 3, 1).toordinal()
    assert months_of(last, 0) == []
    assert months_of(last, 1) == [month_of(last)]
    assert [date.fromordinal(m.last) for m in months_of(last, 2)] == [date(2024, 2, 29), date(2024, 3, 31)]
    assert len(months_of(last, 365)) == 13
    assert len(months_of(date(2023, 12, 31).toordinal(), 365)) == 12
