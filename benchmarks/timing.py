"""Many times as two numbers."""

from statistics import quantiles
from typing import NamedTuple


class Spread(NamedTuple):
    """Half of the times lie below ``p50``, 99 of a hundred below ``p99``; seconds."""

    p50: float
    p99: float


def spread(times: list[float]) -> Spread:
    """Of at least two times, in seconds."""
    cuts = quantiles(times, n=100, method="inclusive")
    return Spread(cuts[49], cuts[98])
