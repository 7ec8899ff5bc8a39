"""Unit trees come to be known one after another: what was hidden in a month that was told of stays hidden."""

import random
from collections.abc import Callable

import pytest

from services.metrics.domain.disclosure.monthly import Where
from services.metrics.domain.sums.periods import Month
from services.metrics.domain.sums.tree import Tree
from tests.unit.metrics.knowledge import Deliveries, Known
from tests.unit.metrics.test_attack import municipality
from tests.unit.metrics.test_attack_over_knowledge import MONTHS, Teller

RELEASED = 1325
"""A municipality where the last trees, decided afresh, let a group be told of that an earlier one had hidden."""


class Reorganisations(Deliveries):
    """Only units turn out to lie elsewhere."""

    def __init__(self, seed: int) -> None:
        """Random ones."""
        super().__init__(municipality(seed), seed)
        self._rng = random.Random(seed + 7)  # noqa: S311

    def _changes(self) -> list[Callable[[Known], None]]:
        return [self._placed]

    def _without_some(self) -> Known:
        return self._first


class InItsOwn(Teller):
    """Tells of a month in its own tree alone."""

    def trees(self, where: Where, month: Month) -> list[Tree]:
        """The one."""
        return [where.trees.early(month.first)]


class Afresh(InItsOwn):
    """Does not know what trees were told in before."""

    def where(self, n: int, one: Known) -> Where:
        """With the trees as known now."""
        found = super().where(n, one)
        return found._replace(trees=found.trees.renewed)


def released(seed: int, kind: type[InItsOwn]) -> int:
    """How many groups are told of that were not, of the same people, at some earlier telling."""
    teller = kind(Reorganisations(seed).known(), remembers=True, seed=seed)
    told = [{(month, name) for month in MONTHS for name, _, _ in some[month]} for some in teller.told()]
    return sum(len(now - set.intersection(*told[:n])) for n, now in enumerate(told) if n)


@pytest.mark.parametrize("seed", [0, 1, 2, RELEASED])
def test_nothing_hidden_is_released(seed: int):
    """Also where the decision among the trees of now would let it be told of."""
    assert released(seed, InItsOwn) == 0


def test_decided_afresh_something_would_be():
    """Rarely, but what was told before goes with it."""
    assert released(RELEASED, Afresh) > 0
