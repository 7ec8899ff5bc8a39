"""Sums on many days at once."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.sums.kernels import KERNELS, Deltas, GroupSums, accumulate, total

DAY = date(2024, 12, 31).toordinal()
ROWS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from([Measure.headcount, Measure.joiners, Measure.worked_hours]),
        st.integers(DAY - 900, DAY + 100),
        st.integers(-(10**16), 10**16),
    ),
    min_size=1,
    max_size=20,
)
BELONGS = [[0, 2], [1, 2], [2], [0, 1, 2]]


@given(ROWS, st.lists(st.integers(DAY - 500, DAY + 200), min_size=1, max_size=5), st.data())
def test_running_sums_come_to_what_weights_do(
    rows: list[tuple[int, int, int, int]], as_of: list[int], data: st.DataObject
):
    """However many days are asked for, each with a window of its own, sums are those of every fact by its weight."""
    windows = st.lists(st.integers(1, 90), min_size=len(as_of), max_size=len(as_of))
    days, window = np.array(as_of), np.array(data.draw(windows))
    facts = Deltas(*np.array(rows, np.int64).T)
    held = GroupSums(len(days))
    for part in accumulate(facts, BELONGS, days, window):
        held.add(part)
    found, wanted = total(facts, BELONGS, 3, days, window).raw, held.of(np.arange(3))
    none = np.zeros((3, len(days)), np.int64)
    for measure in {m for _, m, _, _ in rows}:
        for kernel in KERNELS:
            key = measure, kernel
            np.testing.assert_array_equal(found.get(key, none), wanted.get(key, none))


@pytest.mark.parametrize("amount", [9 * 10**15, -9 * 10**15])
def test_large_amounts_are_exact(amount: int):
    """What passes 64 bits on the way comes back: an amount a day, over a year, since long ago."""
    facts = Deltas(*np.array([[0, Measure.worked_hours, DAY - 200_000, amount]], np.int64).T)
    sums = total(facts, [[0]], 1, np.array([DAY]), 365)
    assert sums.raw[Measure.worked_hours, 3].tolist() == [[365 * amount]]
