"""Sums of the groups that have any, against a table of all of them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.domain.sums.rows import Rows

GROUPS, DAYS = 12, 3
PART = st.dictionaries(st.integers(0, GROUPS - 1), st.lists(st.integers(-3, 3), min_size=DAYS, max_size=DAYS))


@given(st.lists(PART, max_size=6), st.lists(st.integers(0, 2 * GROUPS), max_size=8))
def test_additions(parts: list[dict[int, list[int]]], wanted: list[int]):
    """What is read is the sum of what was added, zeros for groups never met; None only when it is all zeros."""
    rows, table = Rows(DAYS), np.zeros((2 * GROUPS + 1, DAYS), np.int64)
    for part in parts:
        groups = np.array(sorted(part), np.int64)
        sums = np.array([part[g] for g in groups], np.int64).reshape(-1, DAYS)
        rows.add(groups, sums)
        table[groups] += sums
    found = rows.of(np.array(wanted, np.int64))
    expected = table[wanted] if wanted else np.zeros((0, DAYS))
    assert np.array_equal(np.zeros_like(expected) if found is None else found, expected)


def test_a_copy():
    """What was read does not follow what is added later."""
    rows, first = Rows(1), np.array([0])
    rows.add(first, np.array([[1]]))
    before = rows.of(first)
    rows.add(first, np.array([[1]]))
    assert before is not None
    assert before.tolist() == [[1]]


def test_nothing_takes_no_place():
    """A group whose sums are all zero is not kept."""
    rows = Rows(2)
    rows.add(np.array([5]), np.zeros((1, 2), np.int64))
    assert rows.of(np.array([5])) is None


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(-(2**33), 2**33) | st.integers(-5, 5)), max_size=8), st.booleans()
)
def test_sums_of_any_size(parts: list[tuple[int, int]], is_trimmed: bool):
    """Past 32 bits they are as exact as before, also of groups that stay small, and once spare space is given back."""
    rows, table = Rows(1), np.zeros((4, 1), np.int64)
    for group, amount in parts:
        rows.add(np.array([group]), np.array([[amount]]))
        table[group] += amount
        if is_trimmed:
            rows.trim()
    assert np.array_equal(rows.all_of(np.arange(4)), table)
    groups, sums = rows.held()
    assert rows.all_of(np.arange(4)).dtype == sums.dtype == np.int64
    assert np.array_equal(sums, table[groups])
