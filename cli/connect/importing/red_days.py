"""Days on which nobody with office hours is scheduled: Swedish public holidays and the eves taken as such.

Public holidays: lag (1989:253) om allmänna helgdagar. Midsummer Eve, Christmas Eve and New Year's Eve are free by
collective agreement nearly everywhere.
"""

from datetime import date, timedelta
from functools import lru_cache

FIXED = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
FROM_EASTER = (-2, 1, 39)
"""Good Friday, Easter Monday, Ascension Day; the other movable days are Sundays."""
SATURDAY = 5


def is_red(day: date) -> bool:
    """Whether the day is a public holiday or an eve that is free."""
    return day in red_days(day.year)


@lru_cache(maxsize=64)
def red_days(year: int) -> frozenset[date]:
    """Every red day of a year that can fall on a Monday–Friday, and some that can't."""
    fixed = {date(year, month, day) for month, day in FIXED}
    movable = {easter(year) + timedelta(days) for days in FROM_EASTER}
    return frozenset(fixed | movable | {_midsummer_eve(year)})


def _midsummer_eve(year: int) -> date:
    """The Friday of 19–25 June."""
    nineteenth = date(year, 6, 19)
    return nineteenth + timedelta((SATURDAY - 1 - nineteenth.weekday()) % 7)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm, Nature, 20 April 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    r = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * r) // 451
    month, day = divmod(h + r - 7 * m + 114, 31)
    return date(year, month, day + 1)
