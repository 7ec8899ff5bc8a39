"""Windows as they are asked for: days, or twelve months, which are a day longer where a 29 February lies between."""

from datetime import date
from typing import Literal

import numpy as np

from services.metrics.domain.sums.kernels import Ints, Window

TWELVE_MONTHS: Literal["12m"] = "12m"
WindowLength = int | Literal["12m"]
"""So many days; or from the same date a year before, which is not of it, to the day: of years that follow one another
no day is left out, and none is in two.
"""


def windows(length: WindowLength | Ints, days: Ints) -> Window:
    """The days of the windows that end on these days."""
    if not isinstance(length, str):
        return length
    return np.array([twelve_months(day) for day in days.tolist()], np.int64)


def twelve_months(day: int) -> int:
    """How many days there are from the same date a year before, excluded; of a 29 February from the 28th."""
    on = date.fromordinal(day)
    is_leap_day = (on.month, on.day) == (2, 29)
    before = on.replace(year=on.year - 1, day=28 if is_leap_day else on.day)
    return day - before.toordinal()


def days_of(length: WindowLength, day: int) -> int:
    """The days of the window that ends on a day."""
    return twelve_months(day) if isinstance(length, str) else length
