"""Days on which nobody with office hours is scheduled: Swedish public holidays and the eves taken as such.

Public holidays: lag (1989:253) om allmänna helgdagar. Midsummer Eve, Christmas Eve and New Year's Eve count as such in
semesterlagen (1977:480), section 7.
"""

from datetime import date

from holidays.constants import DE_FACTO, PUBLIC
from holidays.countries.sweden import Sweden

# Every Sunday is a public holiday by law; whether a Sunday is worked is not for us to say.
_RED = Sweden(include_sundays=False, categories=(PUBLIC, DE_FACTO))


def is_red(day: date) -> bool:
    """Whether the day is a public holiday or an eve that is free, as the law was in its year (1953 to 2100)."""
    return day in _RED
