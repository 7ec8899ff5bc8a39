"""What was told of health and must not be told otherwise: group by group, month by month."""

from collections.abc import Mapping
from typing import NamedTuple

from services.metrics.domain.groups import Group
from services.metrics.domain.months import Month

Kept = tuple[int, ...] | None
"""The sums of a month that a group is told with for good, by kernel (told.KERNELS); None if it is told of no more."""


class Remembered(NamedTuple):
    """The last day told of (0 before anything was), and the groups whose months stay as they are."""

    until: int = 0
    kept: Mapping[Month, Mapping[Group, Kept]] = {}


class Keeping(NamedTuple):
    """A group that is to be remembered, and how."""

    month: Month
    group: Group
    kept: Kept


class Telling(NamedTuple):
    """What has to be remembered before anything more is told: up to which day is told, and what stays from now on."""

    until: int
    keeping: list[Keeping]
