"""What became of a series since something was begun: whether its control chart knows of a change, and which way."""

from collections.abc import Sequence
from itertools import pairwise, takewhile
from math import ceil
from statistics import fmean
from typing import Literal, NamedTuple

import msgspec

from shared.statistics.special_causes import RUN, Signal

ENOUGH = 12
"""With fewer values limits are on trial: a few more values may move them."""

Kind = Literal["shift", "trend", "none", "too_few"]
MOST_ALIKE = 0.9
"""More likeness than this is not reckoned with: it asks for eleven years in a row as it is."""
ROUNDING = 1e-9
KINDS: tuple[Kind, ...] = ("shift", "trend")
"""A shift goes before a trend."""


class Average(msgspec.Struct, frozen=True):
    """The mean of some periods, None where it is not known, and how many of them have a value."""

    mean: float | None
    known: int


class Verdict(msgspec.Struct, frozen=True):
    """What is known since a start: a ``shift``, a ``trend``, ``none`` of them, or that there are ``too_few`` periods.

    ``outside`` is how many periods since the start lie beyond the limits from ``before`` it, ``needed`` how many in a
    row make a change. A shift or trend goes ``upwards`` or not, and has gone so for ``run`` periods in a row.
    ``redrawn``: it lasts, and limits are drawn anew from the periods since.
    """

    kind: Kind
    before: Average
    after: Average
    outside: int
    needed: int = RUN
    upwards: bool | None = None
    run: int = 0
    redrawn: bool = False


def verdict(
    before: Sequence[float | None], values: Sequence[float | None], found: Sequence[Sequence[Signal]]
) -> Verdict:
    """The verdict on the periods since a start, ``found`` being their signals by the limits from ``before`` it.

    A shift or trend is over once so many periods have come without it as make one.
    """
    usual, after, needed = average(before), average(values), needed_in_a_row(before)
    outside = sum(any(one.cause == "outside" for one in signals) for signals in found)
    if after.known < needed or usual.known < ENOUGH:
        return Verdict("too_few", usual, after, outside, needed)
    for kind in KINDS:
        if last := lasting(kind, values, found, needed):
            lasts = kind == "shift" and average(values[: last.end]).known >= ENOUGH
            return Verdict(kind, usual, after, outside, needed, last.upwards, last.end - last.first, lasts)
    return Verdict("none", usual, after, outside, needed)


class Change(NamedTuple):
    """A run of periods ``first`` to before ``end`` that go one way."""

    first: int
    end: int
    upwards: bool


def lasting(
    kind: Kind, values: Sequence[float | None], found: Sequence[Sequence[Signal]], needed: int
) -> Change | None:
    """The latest run of a kind in some periods with these signals, if it makes a change that is not over."""
    last = _last(kind, found)
    if last is None or last.end - last.first < needed or average(values[last.end :]).known >= needed:
        return None
    return last


def needed_in_a_row(values: Sequence[float | None]) -> int:
    """How many periods in a row say as much as seven that do not know of each other.

    Where a period is like the one before, runs come by chance: ``n`` of them say as much as ``n (1 - r) / (1 + r)``
    without such likeness ``r``, the autocorrelation of neighbours, with its bias in short series taken off
    (F. Marriott and J. Pope, Biometrika 41, 1954, 390–402).
    """
    known = [value for value in values if value is not None]
    if len(known) < ENOUGH:
        return RUN
    mean = fmean(known)
    whole = sum((value - mean) ** 2 for value in known)
    pairs = sum(
        (one - mean) * (other - mean) for one, other in pairwise(values) if one is not None and other is not None
    )
    likeness = pairs / whole if whole else 0.0
    likeness = min(max(likeness + (1 + 3 * likeness) / len(known), 0.0), MOST_ALIKE)
    return ceil(RUN * (1 + likeness) / (1 - likeness) - ROUNDING)


def average(values: Sequence[float | None]) -> Average:
    """The mean of what is known, and how much that is."""
    known = [value for value in values if value is not None]
    return Average(fmean(known) if known else None, len(known))


def _last(kind: Kind, found: Sequence[Sequence[Signal]]) -> Change | None:
    """The latest run of a kind."""
    ends = ((place, one) for place in range(len(found) - 1, -1, -1) for one in found[place] if one.cause == kind)
    last, signal = next(ends, (0, None))
    if signal is None:
        return None
    before = takewhile(lambda place: signal in found[place], range(last, -1, -1))
    return Change(last + 1 - len(list(before)), last + 1, signal.upwards)
