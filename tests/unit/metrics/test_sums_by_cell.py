"""Sums by cell and month, against those of the facts themselves."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.domain.disclosure.sums_by_cell import MONTHS, SumsByCell, latest
from services.metrics.domain.disclosure.told import KERNELS, MEASURES, by_month
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.sums.kernels import Deltas

TODAY = date(2025, 6, 15).toordinal()
AT_HAND = latest(TODAY)
FIRST = AT_HAND[0].first
CELLS, CLASSES, GROUPS = 5, 4, 3

MEASURED = st.sampled_from(sorted([*MEASURES, Measure.joiners]))
ROWS = st.lists(
    st.tuples(
        st.integers(0, CELLS - 1),
        MEASURED,
        st.integers(FIRST - 800, TODAY + 100),
        st.one_of(st.integers(-3, 3), st.integers(-(2**62), 2**62)),
    ),
    max_size=12,
)
CLASS_OF = st.dictionaries(st.integers(0, CELLS + 2), st.integers(0, CLASSES - 1))
BELONGS = st.lists(st.lists(st.integers(0, GROUPS - 1), min_size=1, unique=True), min_size=CLASSES, max_size=CLASSES)
SOME = st.lists(st.sampled_from(AT_HAND), unique=True).map(sorted)


def columns(rows: list[tuple[int, int, int, int]]) -> Deltas:
    """Facts as columns."""
    return Deltas(*np.array(rows, np.int64).reshape(-1, 4).T)


@given(st.lists(ROWS, max_size=3), CLASS_OF, BELONGS, SOME)
def test_as_from_the_facts(portions: list[list], of: dict[int, int], belongs: list[list[int]], months: list):
    """Whatever comes in whatever portions, also past 64 bits: those of any groups in any of the months at hand."""
    sums = SumsByCell(AT_HAND)
    for rows in portions:
        sums.add(columns(rows))
    ours = [(of[cell], *fact) for rows in portions for cell, *fact in rows if cell in of]
    expected = by_month(columns(ours), belongs, GROUPS, months)
    found = sums.by_month(of, belongs, GROUPS, months)
    assert found.keys() == expected.keys() == set(KERNELS)
    for kernel in KERNELS:
        assert found[kernel].tolist() == expected[kernel].tolist()


@given(ROWS)
def test_what_came_before(rows: list):
    """Facts from before the months at hand may be given as of the day before them."""
    exact, early = SumsByCell(AT_HAND), SumsByCell(AT_HAND)
    exact.add(columns(rows))
    early.add(columns([(cell, measure, max(day, early.reach), delta) for cell, measure, day, delta in rows]))
    members = [[cell] for cell in range(CELLS)]
    for kernel, expected in exact.of(members).items():
        assert early.of(members)[kernel].tolist() == expected.tolist()


@pytest.mark.parametrize("today", ["2025-06-01", "2025-06-30"])
def test_the_months_at_hand(today: str):
    """Two years and one month that have passed."""
    months = latest(date.fromisoformat(today).toordinal())
    assert len(months) == MONTHS
    assert date.fromordinal(months[-1].last) == date(2025, 5, 31)
    assert date.fromordinal(months[0].first) == date(2023, 5, 1)


def test_no_months():
    """Before anything was told there are none, and nothing is summed."""
    assert latest(1) == []
    sums = SumsByCell([])
    sums.add(columns([(0, Measure.headcount, 5, 1)]))
    assert all(not found.size for found in sums.by_month({0: 0}, [[0]], 1, []).values())
