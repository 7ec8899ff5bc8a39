"""Whether the months that a rule looks at are too alike: levels hardly move from one to the next."""

from collections.abc import Sequence
from typing import NamedTuple

from services.alerts.domain.alert.observation import number
from services.alerts.domain.chance.of_rules import KNOWN
from shared.contracts.metrics import MetricValue
from shared.statistics.special_causes import RUN
from shared.statistics.verdict import average, needed_in_a_row

ALIKE = 2 * RUN
"""Months are called alike where so many in a row say no more than seven that know nothing of each other."""


class Alike(NamedTuple):
    """How many of the groups ``of`` whose months are known have months that are alike, and how many in a row make a
    change there, at least and at most.
    """

    groups: int
    of: int
    fewest: int
    most: int


def alike(histories: Sequence[Sequence[MetricValue]]) -> Alike | None:
    """Of the months of some groups; None where none are alike."""
    known = [months for one in histories if average(months := [number(value) for value in one]).known >= KNOWN]
    needed = [found for months in known if (found := needed_in_a_row(months)) >= ALIKE]
    return Alike(len(needed), len(known), min(needed), max(needed)) if needed else None
