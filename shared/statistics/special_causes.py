"""What chance alone would hardly do to a control chart: the four rules of NHS England's Making Data Count.

Source: NHSRplotthedots 0.2.2 (github.com/nhs-r-community), function ``ptd_calculate_point_type``.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from math import isclose
from typing import Literal, NamedTuple

Cause = Literal["outside", "trend", "two_of_three", "shift"]
RUN = 7
"""So many periods in a row make a shift, or a trend."""


class Limits(NamedTuple):
    """The mean of a phase, the limits of its usual variation, and the near limits two thirds of the way to them."""

    mean: float
    lower: float
    upper: float
    near_lower: float
    near_upper: float


class Signal(NamedTuple):
    """A rule that a point fulfils, upwards (high, or rising) or downwards."""

    cause: Cause
    upwards: bool


Mark = tuple[int, bool]
Rule = Callable[[Sequence[float], Limits], Iterator[Mark]]
"""Yields the positions that a rule marks, and whether upwards."""


def signals(values: Sequence[float], limits: Limits) -> list[tuple[Signal, ...]]:
    """What is special about each of some values in a row; of several signals the one that says most comes first."""
    found: list[dict[Signal, None]] = [{} for _ in values]
    for cause, rule in RULES.items():
        for position, upwards in rule(values, limits):
            found[position][Signal(cause, upwards)] = None
    return [tuple(each) for each in found]


def outside(values: Sequence[float], limits: Limits) -> Iterator[Mark]:
    """A value beyond the limits."""
    for position, value in enumerate(values):
        if _beyond(value, limits.lower, limits.upper):
            yield position, value > limits.mean


def trend(values: Sequence[float], _: Limits) -> Iterator[Mark]:
    """Seven values of which each is higher, or each lower, than the one before: six steps; a tie ends it."""
    steps = [_order(after, before) for before, after in pairwise(values)]
    yield from _runs(steps, RUN - 1, RUN)


def two_of_three(values: Sequence[float], limits: Limits) -> Iterator[Mark]:
    """Two of three values between the near limit and the limit, all three on one side of the mean; the two count."""
    sides = [_order(value, limits.mean) for value in values]
    near = [_near(value, limits) for value in values]
    for first in range(len(values) - 2):
        three = range(first, first + 3)
        if abs(sum(sides[i] for i in three)) == 3 and sum(near[i] for i in three) >= 2:
            yield from ((i, sides[i] > 0) for i in three if near[i])


def shift(values: Sequence[float], limits: Limits) -> Iterator[Mark]:
    """Seven values strictly on one side of the mean."""
    yield from _runs([_order(value, limits.mean) for value in values], RUN, RUN)


RULES: dict[Cause, Rule] = {"outside": outside, "trend": trend, "two_of_three": two_of_three, "shift": shift}
"""In the order of what is said of a point that fulfils several."""


def _runs(signs: Sequence[int], length: int, marked: int) -> Iterator[Mark]:
    """For each run of ``length`` equal signs, none of them zero, the ``marked`` positions from its first on."""
    for first in range(len(signs) - length + 1):
        if abs(sum(signs[first : first + length])) == length:
            yield from ((i, signs[first] > 0) for i in range(first, first + marked))


def _near(value: float, limits: Limits) -> bool:
    is_outside = _beyond(value, limits.lower, limits.upper)
    return _beyond(value, limits.near_lower, limits.near_upper) and not is_outside


def _beyond(value: float, low: float, high: float) -> bool:
    return _order(value, low) < 0 or _order(value, high) > 0


def _order(value: float, other: float) -> int:
    """1 if it is higher, -1 if it is lower, 0 if only rounding tells them apart."""
    return 0 if isclose(value, other) else 1 if value > other else -1
