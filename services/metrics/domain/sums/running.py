"""Running sums of many series of dated amounts, at any days: each amount is read once, whatever the number of days."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def running(fresh: Ints, days: Ints, deltas: Ints, until: Ints) -> tuple[Ints, Ints]:
    """A(t), the sum of the deltas up to day t, and B(t), the sum of A over all days up to t.

    Series lie one after the other, each by day; ``fresh`` is where each begins. Both results have the shape (series,
    days of ``until``). What is too large for 64 bits on the way wraps around, and back again where it is subtracted;
    deltas whose sums are themselves too large come as Python's own integers (dtype object), and so do the sums.
    """
    first = min(int(days.min()), int(until.min()))
    since, upto = days - first, until - first
    places = _places(fresh, since, upto)
    amounts, moments = (np.concatenate(([0], np.cumsum(column))) for column in (deltas, deltas * since))
    level = amounts[places] - amounts[fresh][:, np.newaxis]
    return level, (upto + 1) * level - (moments[places] - moments[fresh][:, np.newaxis])


def _places(fresh: Ints, since: Ints, upto: Ints) -> Ints:
    """How many deltas, of all series, come before the end of each day of each series."""
    span = max(int(since.max()), int(upto.max())) + 1
    series = np.arange(len(fresh)) * span
    lengths = np.diff(fresh, append=len(since))
    return np.searchsorted(np.repeat(series, lengths) + since, series[:, np.newaxis] + upto, side="right")
