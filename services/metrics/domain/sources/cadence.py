"""How often a source delivers, and when it is late.

A cadence names a period: once a whole one has passed without anything recorded in it, the source is late. Working days
are Monday to Friday but for public holidays and the eves that are taken as such, as Swedish law has them.
"""

import calendar
import re
from datetime import date, timedelta
from typing import NamedTuple

from shared.calendar.working_days import DAY, working_day_after

DAILY, WORKING_DAYS, WEEKLY, MONTHLY = NAMED = ("daily", "working days", "weekly", "monthly")
_LENGTH = re.compile(r"(?:P(?=\d{1,3}[DWM]$))?(\d{1,3})([dDWM])")


class Cadence(NamedTuple):
    """As it is written, and for a length such as ``10d`` or ``P2M`` its number and whether it is of months."""

    written: str
    number: int = 0
    months: bool = False

    def due(self, last: date) -> date:
        """The last day that may be without news before the source is late, if it last told something on ``last``."""
        match self.written:
            case "daily":
                return last + DAY
            case "working days":
                return working_day_after(last)
            case "weekly":
                return last + timedelta(days=13 - last.weekday())
            case "monthly":
                return _end_of_month(_months_on(last, 1))
        return _months_on(last, self.number) if self.months else last + timedelta(days=self.number)


def cadence(written: str) -> Cadence | None:
    """``daily``, ``working days``, ``weekly``, ``monthly``, or a length such as ``10d``, ``P10D``, ``P2W`` or ``P1M``.

    None if it is none of these.
    """
    if written in NAMED:
        return Cadence(written)
    found = _LENGTH.fullmatch(written)
    if not found or not int(found[1]) or (found[2] == "d") == written.startswith("P"):
        return None
    return Cadence(written, int(found[1]) * (7 if found[2] == "W" else 1), found[2] == "M")


def _months_on(day: date, months: int) -> date:
    """The same day so many months later; the last of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
