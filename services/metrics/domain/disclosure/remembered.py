"""What was told by month, as health is, and must not be told otherwise: group by group, month by month."""

from collections.abc import Mapping
from typing import NamedTuple

from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.periods import Month
from shared.contracts.catalogue.disclosure import ByMonth

Kept = tuple[int, ...] | None
"""A month's sums that a group is told with for good, by kernel (told.KERNELS_OF); None if it is told of no more."""


class Remembered(NamedTuple):
    """The last day told of (0 before anything was), and by kind the groups whose months stay as they are."""

    until: int = 0
    kept: Mapping[ByMonth, Mapping[Month, Mapping[Group, Kept]]] = {}

    def of(self, kind: ByMonth, month: Month) -> Mapping[Group, Kept]:
        """The groups whose month stays as it is."""
        return self.kept.get(kind, {}).get(month, {})


class Keeping(NamedTuple):
    """A group that is to be remembered, and how."""

    kind: ByMonth
    month: Month
    group: Group
    kept: Kept


class Telling(NamedTuple):
    """What has to be remembered before anything more is told: up to which day is told, and what stays from now on."""

    until: int
    keeping: list[Keeping]
