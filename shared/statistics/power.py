"""What a comparison of two counts could see, before anybody relies on it.

The power of the exact conditional test, itself exact: over all pairs of two Poisson counts, the chance of those that
the test calls a change. Source: J. Przyborowski and H. Wilenski, Biometrika 31 (1940) 313–323. With others beside,
that of Fisher's test against them, and of standing out among them.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
from scipy.special import bdtr

from shared.statistics import fisher, placebo
from shared.statistics.by_chance import FINE, Floats, chances, likely, standing_out
from shared.statistics.intervals import TAIL

ENOUGH = 0.8
"""A study is held able to see what it sees in four cases of five."""
STEPS = 20
"""Ratios are tried in steps of one twentieth."""
NORMAL = np.polynomial.hermite_e.hermegauss(5)
"""Five values that stand for a normal one, in standard deviations, and the weight of each."""

SOME = 64
"""Numbers of events of which the test's bounds are worked out, where there are very many; between them lies a line."""

Others = Sequence[float]
"""The events to expect before in each unit beside; with less than one in all, as if there were none."""


def power(expected: float, share: float, ratio: float, others: Others = ()) -> float:
    """The chance that the two-sided 5 % test shows a change of the rate to ``ratio`` times what it was, that way.

    ``expected`` is how many events to expect before; ``share`` the later exposure by the earlier one (> 0). With
    ``placebo.ENOUGH`` units or more beside, no more than one in twenty of all may change as much by chance.
    """
    before, after = likely(expected), likely(expected * share * ratio)
    shown = _shown(before[:, None], after[None, :], share, others, falls=ratio < 1)
    return float(chances(before, expected) @ shown @ chances(after, expected * share * ratio))


def smallest_fall(expected: float, share: float, others: Others = ()) -> float | None:
    """The highest ratio below 1 that is seen in four cases of five; None when none is, not even 0.05."""
    return _nearest(expected, share, range(STEPS - 1, 0, -1), others)


def smallest_rise(expected: float, share: float, others: Others = (), most: float = 10.0) -> float | None:
    """The lowest ratio above 1 that is seen in four cases of five; None when none is up to ``most``."""
    return _nearest(expected, share, range(STEPS + 1, int(most * STEPS) + 1), others)


def _nearest(expected: float, share: float, steps: Sequence[int], others: Others) -> float | None:
    """The farther a change, the more likely it is shown: they are halved until the first that is."""
    found = bisect_left(steps, True, key=lambda step: power(expected, share, step / STEPS, others) >= ENOUGH)
    return steps[found] / STEPS if found < len(steps) else None


def _shown(before: Floats, after: Floats, share: float, others: Others, falls: bool) -> Floats:
    """The chance that each pair of counts is called a change; a rise is a fall from the later to the earlier."""
    if not falls:
        return _shown(after, before, 1 / share, [one * share for one in others], True)
    if sum(others) < 1:
        events = np.unique(before + after)
        fewest = _most(lambda k: np.asarray(bdtr(k, events, share / (1 + share))), events)
        return np.asarray(after <= fewest[np.searchsorted(events, before + after)])
    return np.asarray(sum(_beside(before, after, share, others)))


def _beside(before: Floats, after: Floats, share: float, others: Others) -> Iterator[Floats]:
    """The same for some ways in which the others may have changed by chance, weighted."""
    whole, events = sum(others) * (1 + share), before + after
    spread = (whole * share) ** 0.5 / (1 + share)
    likely_to_stand_out = standing_out(tuple(others), share) if len(others) >= placebo.ENOUGH else np.ones_like
    least, most = int(events.min()), int(events.max())
    some = np.unique(np.linspace(least, most, SOME if most - least > FINE else most - least + 1).round())
    for way, weight in zip(*NORMAL, strict=True):
        later = np.clip(whole * share / (1 + share) + way * spread, placebo.HALF, whole - placebo.HALF)
        fewest = _most(partial(fisher.fewer, events=some, others_after=later, others=whole), some)
        change = placebo.standardised(before, after, np.log(later / (whole - later)))
        shown = after <= np.interp(events, some, fewest) + placebo.STILL
        yield weight / NORMAL[1].sum() * shown * likely_to_stand_out(change)


def _most(tail: Callable[[Floats], Floats], events: Floats) -> Floats:
    """Of each number of events, how many at most may come later to be shown to be fewer; -1 where none may."""
    low, high = np.full(len(events), -1), events
    while (low < high).any():
        middle = np.maximum((low + high + 1) // 2, 0)
        few = tail(middle) <= TAIL
        low, high = np.where(few, middle, low), np.where(few, high, middle - 1)
    return low
