"""Times of day in PAXml, ``starttid`` and ``sluttid``: which days they say, and how many hours lie between them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cli.connect.importing.period import DAY

SWEDEN = ZoneInfo("Europe/Stockholm")
MIDNIGHT = time.min
_TIME = re.compile(
    r"(?:(\d{4}-\d\d-\d\d)[T ])?(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?(?:\[[\w/]+\])?", re.ASCII
)
_MINUTE = timedelta(minutes=1)


class Shift(NamedTuple):
    """First day, last day, and hours; None where days are meant as wholes."""

    first: date
    last: date
    hours: float | None


def moment(told: str, day: date | None) -> datetime:
    """A time as told, with its date or on ``day``, by Swedish clocks; 24:00 is the day's end.

    Raises ValueError if it is no time, OverflowError if no calendar has it.
    """
    match = _TIME.fullmatch(told)
    if match is None or not (match[1] or day):
        raise ValueError(told)
    of, zone = date.fromisoformat(match[1]) if match[1] else day, match[5]
    hour, minute, second = int(match[2]), int(match[3]), int(match[4] or 0)
    whole = (hour, minute, second) == (24, 0, 0)
    at = datetime.combine(of or date.min, MIDNIGHT if whole else time(hour, minute, second)) + whole * DAY
    if match[1] and zone:
        return datetime.fromisoformat(f"{at.isoformat()}{zone}").astimezone(SWEDEN)
    return at.replace(tzinfo=SWEDEN)


def between(start: datetime, end: datetime) -> Shift:
    """From one time to another: a shift is of the day it begins on, also over midnight; longer ones are whole days."""
    hours = (end.astimezone(UTC) - start.astimezone(UTC)).total_seconds() / 3600
    days = _whole_days(start, end)
    if days is None and end - start <= DAY:
        return Shift(start.date(), start.date(), hours)
    return days or Shift(start.date(), (end - _MINUTE).date(), None)


def _whole_days(start: datetime, end: datetime) -> Shift | None:
    """Days from midnight to midnight, or to the last minute before."""
    if start.time() == MIDNIGHT and (end + _MINUTE).date() > end.date():
        return Shift(start.date(), end.date(), None)
    if start.time() == MIDNIGHT and end.time() == MIDNIGHT and end > start:
        return Shift(start.date(), end.date() - DAY, None)
    return None
