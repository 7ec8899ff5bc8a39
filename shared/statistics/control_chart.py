"""Control charts of single values (XmR): the mean of a series, and how far its points usually stray from it.

As NHS England's Making Data Count draws them. Source: NHSRplotthedots 0.2.2 (github.com/nhs-r-community), function
``ptd_spc_standard``; the constants are those of W. Shewhart's charts for single values.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple

from shared.statistics.special_causes import Limits, Signal, signals
from shared.statistics.verdict import ENOUGH, Verdict, verdict

REACH = 2.66
"""Limits lie this many mean moving ranges from the mean: three standard deviations, as 3 / 1.128."""
NEAR = 2 / 3
"""The near limits' part of that way: two standard deviations."""
SCREEN = 3.267
"""Moving ranges of this many means or more are no usual variation (L. Nelson, J. Qual. Technol. 14, 1982, 172–173)."""
Values = Sequence[float | None]
"""One value a period, in order; None is a gap: a value that is hidden or does not exist."""


class Phase(NamedTuple):
    """Periods ``first`` to before ``end`` and the limits they are judged by; None where there are none.

    ``known`` of them have a value. Limits are drawn from ``drawn_from`` values: their own, or where limits are
    ``carried`` on, those of the periods before a start.
    """

    first: int
    end: int
    known: int
    limits: Limits | None
    drawn_from: int
    carried: bool = False

    @property
    def on_trial(self) -> bool:
        """Whether there are too few values to rely on the limits."""
        return self.drawn_from < ENOUGH


class Chart(NamedTuple):
    """The phases of a series, what is special about each of its periods, and what is known since each start."""

    phases: tuple[Phase, ...]
    signals: tuple[tuple[Signal, ...], ...]
    verdicts: tuple[Verdict, ...] = ()


def chart(values: Values, starts: Iterable[int] = ()) -> Chart:
    """The control chart of a series in which something was begun at each of ``starts`` (positions within it).

    Periods since a start are judged by the limits from before it, carried on: that is how a change shows. Limits are
    drawn anew from the periods since the start only where a shift lasts for ``ENOUGH`` of them, or where there are no
    limits from before. Raises ValueError for a start that leaves nothing before it or nothing after it.
    """
    inner = sorted(set(starts))
    if any(not 0 < start < len(values) for start in inner):
        raise ValueError(f"a phase starts after the first of {len(values)} periods: {inner}")
    edges = [0, *inner, len(values)] if values else []
    phases: list[Phase] = []
    verdicts: list[Verdict] = []
    for first, end in pairwise(edges):
        phase = _phase(values, first, end)
        if phases:
            carried = _carried(phases[-1], phase)
            drawn = next(one for one in reversed(phases) if not one.carried)
            since = values[first:end]
            verdicts.append(verdict(values[drawn.first : drawn.end], since, judged(since, carried.limits)))
            phase = phase if verdicts[-1].redrawn else carried
        phases.append(phase)
    signals = tuple(found for phase in phases for found in judged(values[phase.first : phase.end], phase.limits))
    return Chart(tuple(phases), signals, tuple(verdicts))


def _carried(before: Phase, own: Phase) -> Phase:
    """The periods of ``own`` by the limits from before, if there are any."""
    if before.limits is None:
        return own
    return own._replace(limits=before.limits, drawn_from=before.drawn_from, carried=True)


def moving_ranges(values: Values) -> list[float]:
    """How much each value differs from the one of the period before; across a gap there is no such difference."""
    return [abs(after - before) for before, after in pairwise(values) if before is not None and after is not None]


def screened(ranges: Sequence[float]) -> list[float]:
    """The moving ranges without those that no usual variation makes; looked for once."""
    most = SCREEN * fmean(ranges)
    return [each for each in ranges if each < most] or list(ranges)


def limits_around(mean: float, ranges: Sequence[float]) -> Limits:
    """The limits of a series with that mean and those moving ranges (at least one)."""
    reach = REACH * fmean(ranges)
    return Limits(mean, mean - reach, mean + reach, mean - NEAR * reach, mean + NEAR * reach)


def _phase(values: Values, first: int, end: int) -> Phase:
    known = [value for value in values[first:end] if value is not None]
    ranges = moving_ranges(values[first:end])
    limits = limits_around(fmean(known), screened(ranges)) if ranges else None
    return Phase(first, end, len(known), limits, len(known))


def judged(values: Values, limits: Limits | None) -> list[tuple[Signal, ...]]:
    """What is special about each value by some limits; a gap is nothing, and ends what came before it."""
    found: list[tuple[Signal, ...]] = []
    stretch: list[float] = []
    for value in (*values, None):
        if value is not None:
            stretch.append(value)
            continue
        found += [*(signals(stretch, limits) if limits else [() for _ in stretch]), ()]
        stretch = []
    return found[:-1]
