"""Decisions on whose health may not be spoken of, remembered: they are what they would be if made anew."""

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.metrics.domain.cell import Cell
from services.metrics.domain.decisions import Decisions
from services.metrics.domain.groups import groups_of
from services.metrics.domain.kernels import Deltas
from services.metrics.domain.linked_tables import Mask
from services.metrics.domain.measures import Measure
from services.metrics.domain.staff import staff, staff_on
from services.metrics.domain.suppression import hidden
from services.metrics.domain.tally import ONE
from services.metrics.domain.tree import Tree

FIRST = date(2023, 1, 1).toordinal()
DAYS = np.array([FIRST + 400, FIRST + 430, FIRST + 460])
TREE = Tree({"u": "d", "v": "d"}, {}, {})
CELLS = {7 + n: Cell(unit, "o", gender) for n, (unit, gender) in enumerate((u, g) for u in "uvd" for g in "fm")}
GROUPS = sorted({group for cell in CELLS.values() for group in groups_of(cell, TREE)})

Row = tuple[int, int, int, int]
PEOPLE = st.tuples(
    st.sampled_from(sorted(CELLS)),
    st.sampled_from([Measure.headcount, Measure.scheduled_fte, Measure.sick_spells]),
    st.integers(FIRST, FIRST + 500),
    st.integers(1, 15).map(lambda n: n * ONE),
)
SOME = st.lists(PEOPLE, min_size=1, max_size=12)


def columns(rows: list[Row]) -> Deltas:
    """Facts as columns."""
    return Deltas(*np.array(rows, np.int64).T)


def anew(cells: dict[int, Cell], rows: list[Row], window: int) -> Mask:
    """Decided for the first time."""
    places = {number: place for place, number in enumerate(cells)}
    facts = columns([(places[cell], *rest) for cell, *rest in rows])
    return hidden(GROUPS, staff(list(cells.values()), facts, DAYS, window), TREE)


@given(SOME, SOME, st.sampled_from([30, 365, 500]))
@settings(deadline=None, max_examples=25)
def test_remembered_is_what_is_decided_anew(before: list[Row], then: list[Row], window: int):
    """Also after people came to be known of: days before the first of them stand, the others are decided again."""
    known = Decisions(TREE)
    assert (known.hidden(CELLS, columns(before), GROUPS, DAYS, window) == anew(CELLS, before, window)).all()
    known.forget(min(day for _, _, day, _ in then))
    both = [*before, *then]
    assert (known.hidden(CELLS, columns(both), GROUPS, DAYS, window) == anew(CELLS, both, window)).all()


@given(SOME)
@settings(deadline=None, max_examples=10)
def test_decisions_outlive_new_cells(rows: list[Row]):
    """A cell that nobody was in before changes no earlier day."""
    known, more = Decisions(TREE), {**CELLS, 99: Cell("u", "p", "f")}
    known.hidden(CELLS, columns(rows), GROUPS, DAYS[:1], 365)
    came = [*rows, (99, Measure.headcount, int(DAYS[0]) + 1, 20 * ONE)]
    known.forget(int(DAYS[0]) + 1)
    assert (known.hidden(more, columns(came), GROUPS, DAYS, 365) == anew(more, came, 365)).all()


@given(SOME, st.sampled_from([30, 365, 500]))
@settings(deadline=None, max_examples=25)
def test_staff_of_one_day(rows: list[Row], window: int):
    """Who is there on one day, from facts in any order, is who is there when many days are asked for at once."""
    cells = list(CELLS.values())
    facts = columns([(cell - 7, *rest) for cell, *rest in rows])
    many = staff(cells, facts, DAYS, window)
    for n, day in enumerate(DAYS.tolist()):
        one = staff_on(cells, facts, day, window)
        assert (one.heads[:, 0] == many.heads[:, n]).all()
        assert (one.there[:, 0] == many.there[:, n]).all()
