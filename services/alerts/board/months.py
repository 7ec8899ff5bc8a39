"""Whole months, named by their last day."""

from datetime import date, timedelta

from babel.dates import format_date

from shared.language.language import Language
from shared.language.numbers import LOCALES


def last_whole(day: date) -> date:
    """The last day of the last month that is over at the end of the day."""
    tomorrow = day + timedelta(1)
    return tomorrow.replace(day=1) - timedelta(1)


def years_before(month: date, years: int) -> date:
    """The first day of the month after the same one some years before."""
    return (date(month.year - years, month.month, 1) + timedelta(32)).replace(day=1)


def short_month(month: date, language: Language) -> str:
    """As it is written where room is short: ``mars 2025``."""
    return str(format_date(month, "MMM y", locale=LOCALES[language]))
