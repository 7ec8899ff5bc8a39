"""What a formula says that it reads is what it reads."""

import numpy as np
import pytest

from services.metrics.domain.facts.measures import is_flow
from services.metrics.domain.sums.catalogue import FORMULAS
from services.metrics.domain.sums.kernels import LEVEL, WITHIN, Floats, Kernel, Sums
from services.metrics.domain.sums.pay import Spread

ONE = 1_000_000


class Watched(Sums):
    """Sums that note what is asked of them."""

    def __init__(self, amount: int) -> None:
        """Of every kernel the same amount."""
        super().__init__({}, 1, np.array([739_000]), 365)
        self.asked: set[Kernel] = set()
        self._amount = amount

    def weighed(self, measure: int, kernel: int) -> Floats:
        """One kernel's sums."""
        self.asked.add((measure, kernel))
        return self.none + self._amount

    def pay(self, first: int) -> Spread:
        """How pay is spread."""
        self.asked.add((first, WITHIN if is_flow(first) else LEVEL))
        return super().pay(first)


@pytest.mark.parametrize("amount", [0, 1, 40])
@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_reads_what_it_says(name: str, amount: int):
    """Whatever the sums are: nothing else is read, and nothing in vain."""
    formula, sums = FORMULAS[name], Watched(amount)
    for one in (formula.numerator, formula.denominator, formula.scale, formula.people):
        if one:
            one.of(sums)
    assert sums.asked == formula.reads
