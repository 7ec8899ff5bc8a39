"""What each kind of metric that is told by month is decided by: who is counted, and of how many it is not told."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from services.metrics.domain.disclosure import answers, staff
from services.metrics.domain.disclosure.staff import Staff
from services.metrics.domain.disclosure.suppression import FEW_ANSWERS, SMALL_GROUP
from services.metrics.domain.sums.kernels import Deltas
from services.metrics.domain.sums.periods import Month
from shared.contracts.catalogue.disclosure import ByMonth


class Basis(NamedTuple):
    """Whom a limit counts: ``limit`` is the largest number that is hidden, ``measures`` what people are counted from.

    ``counted`` gives the people of a month, cell by cell, from some facts and all that are known.
    """

    limit: int
    measures: frozenset[int]
    counted: Callable[[int, Deltas, Month, Deltas], Staff]


def _staff(cells: int, facts: Deltas, month: Month, _: Deltas) -> Staff:
    return staff.staff_in(cells, facts, month)


BASES: Mapping[ByMonth, Basis] = MappingProxyType(
    {
        ByMonth.HEALTH: Basis(SMALL_GROUP, staff.MEASURES, _staff),
        ByMonth.PULSE: Basis(FEW_ANSWERS, answers.MEASURES, answers.answers_in),
    }
)
COUNTED = frozenset[int]().union(*(basis.measures for basis in BASES.values()))
"""The measures of all who are counted."""
