"""Sums along diagonals are those of the kernels, of what was known on each day."""

import numpy as np

from services.metrics.domain.sums.diagonals import Diagonals, KnownFacts, sums
from services.metrics.domain.sums.kernels import KERNELS, weights

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
