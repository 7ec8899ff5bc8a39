"""Months, in whole days: what may be told of health is decided by month, and of a window by all months it touches."""

from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from services.metrics.domain.kernels import Ints, Window

FIRST_DAY = date.min.toordinal()


class Month(NamedTuple):
    """Its first and its last day."""

    first: int
    last: int


@lru_cache(4_096)
def month_of(day: int) -> Month:
    """The month that a day lies in."""
    at = date.fromordinal(day)
    return Month(at.replace(day=1).toordinal(), at.replace(day=monthrange(at.year, at.month)[1]).toordinal())


def months_of(as_of: int, window: int) -> list[Month]:
    """The months that a window of so many days touches, which ends on a day; of no days, none."""
    found: list[Month] = []
    day = max(FIRST_DAY, as_of - window + 1)
    while day <= as_of:
        found.append(month_of(day))
        day = found[-1].last + 1
    return found


def touched(days: Ints, window: Window) -> list[list[Month]]:
    """The months that the window of each day touches."""
    return [months_of(*pair) for pair in zip(days.tolist(), np.broadcast_to(window, days.shape).tolist(), strict=True)]
