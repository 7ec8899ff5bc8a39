"""Facts that are kept while others come."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.domain.sums.kernels import Deltas
from services.metrics.domain.sums.merging import UNMERGED, Merging, merged

ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 2), st.integers(0, 3), st.integers(-(2**62), 2**62)))


def columns(rows: list[tuple[int, int, int, int]]) -> Deltas:
    """Facts as columns."""
    return Deltas(*np.array(rows, np.int64).reshape(-1, 4).T)


def summed(facts: Deltas) -> Counter[tuple[int, int, int]]:
    """What facts come to, by cell, measure and day."""
    total: Counter[tuple[int, int, int]] = Counter()
    for cell, measure, day, delta in zip(*(column.tolist() for column in facts), strict=True):
        total[cell, measure, day] += delta
    return Counter({place: amount for place, amount in total.items() if amount})


@given(ROWS)
def test_merged(rows: list[tuple[int, int, int, int]]):
    """They come to the same, whatever their size."""
    assert summed(merged(columns(rows))) == summed(columns(rows))


def test_what_comes_and_goes():
    """Facts that were taken back and told again a hundred thousand times take as much room as a few."""
    kept = Merging()
    for n in range(1_000):
        sign = 1 if n % 2 else -1
        kept.add([columns([(cell, 1, 700_000, sign) for cell in range(100)])])
    assert len(kept.facts.cells) <= UNMERGED + 200
    assert summed(kept.facts) == {}
