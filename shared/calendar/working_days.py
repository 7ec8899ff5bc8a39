"""Working days: Monday to Friday but for public holidays and the eves that are taken as such, as Swedish law has them.

Public holidays: lag (1989:253) om allmänna helgdagar. Midsummer Eve, Christmas Eve and New Year's Eve count as such in
semesterlagen (1977:480), section 7. Every Sunday is a public holiday by law, and a Sunday all the same: it is not here.
"""

from datetime import date, timedelta

from holidays.constants import DE_FACTO, PUBLIC
from holidays.countries.sweden import Sweden

DAY = timedelta(days=1)
_FREE = Sweden(include_sundays=False, categories=(PUBLIC, DE_FACTO))


def is_working_day(day: date) -> bool:
    """Monday to Friday, and neither a public holiday nor an eve that is free."""
    return day.weekday() < 5 and not is_holiday(day)


def is_holiday(day: date) -> bool:
    """A public holiday or an eve that is free, whatever weekday it falls on."""
    return day in _FREE


def working_day_after(day: date, number: int = 1) -> date:
    """The working day that is so many working days after a day; the day itself for 0."""
    for _ in range(number):
        day += DAY
        while not is_working_day(day):
            day += DAY
    return day


def working_days_between(first: date, last: date) -> int:
    """The working days after ``first`` until ``last``, which counts."""
    return sum(is_working_day(first + DAY * n) for n in range(1, (last - first).days + 1))
