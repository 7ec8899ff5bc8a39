"""Sums along diagonals are those of the kernels, of what was known on each day."""

import numpy as np
import pytest

from services.metrics.domain.sums.diagonals import Diagonals, KnownFacts, alike, sums
from services.metrics.domain.sums.kernels import DAYS, KERNELS, weights

MEASURE, WINDOW, ROWS = 1, 365, 3
ON = Diagonals(1_000, 1_100, (0, -1, -28, 30, 90), ROWS)


def test_a_diagonal_weighs_what_was_known():
    """Against the weights of the kernels, fact by fact and day by day; wide amounts do not wrap around."""
    some = np.random.default_rng(1)
    for amount in (1_000_000, 2**52):
        rows, known, days = (some.integers(*span, 200) for span in ((0, ROWS), (900, 1_100), (300, 1_250)))
        facts = KnownFacts(rows, np.full(200, MEASURE), known, days, some.integers(-5, 6, 200) * amount)
        found = sums(facts, ON, [(MEASURE, kernel) for kernel in KERNELS], WINDOW)
        for column, as_of in enumerate(ON.as_of.tolist()):
            known_on = ON.first + column % ON.length
            counts = weights(days, np.array([as_of]), WINDOW)[:, 0].astype(object) * (known <= known_on)[:, np.newaxis]
            for kernel in KERNELS:
                amounts = counts[:, kernel] * facts.deltas
                expected = [sum(amounts[rows == row].tolist()) for row in range(ROWS)]
                assert found[MEASURE, kernel][:, column].tolist() == expected


@pytest.mark.parametrize("count", [0, 1, 6, 60])
def test_columns_in_which_the_same_facts_count_are_alike(count: int):
    """Every column is as the first of those that it is like, in all kernels but that of days; few are first."""
    some = np.random.default_rng(count)
    known, days = (some.integers(*span, count) for span in ((900, 1_100), (300, 1_250)))
    facts = KnownFacts(np.zeros(count, np.int64), np.full(count, MEASURE), known, days, some.integers(1, 6, count))
    columns = alike(facts, ON, WINDOW)
    kernels = [(MEASURE, kernel) for kernel in KERNELS if kernel != DAYS]
    for amounts in sums(facts, ON._replace(rows=1), kernels, WINDOW).values():
        assert np.array_equal(amounts[:, columns.first][:, columns.like], amounts)
    assert len(columns.like) == len(ON.as_of)
    assert len(columns.first) < len(ON.as_of) * (0.2 if count < 10 else 1)


def test_what_begins_together_is_summed_together():
    """Many facts of the same days, some of which cancel, and of whole amounts that 64 bits do not hold."""
    for amount in (1, 2**62):
        deltas = np.array([amount, amount, -amount, amount, amount] * 40)
        rows, known, days = np.tile([0, 0, 0, 1, 1], 40), np.full(200, 1_010), np.full(200, 1_000)
        found = sums(KnownFacts(rows, np.full(200, MEASURE), known, days, deltas), ON, [(MEASURE, 0)], WINDOW)
        assert found[MEASURE, 0][:, [9, 10]].tolist() == [[0, 40 * amount], [0, 80 * amount], [0, 0]]
