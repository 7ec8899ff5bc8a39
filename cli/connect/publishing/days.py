"""Days as files write them: in several forms, with a time of day, or as a spreadsheet counts them."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from cli.connect.publishing.line import CellError

ZONE = ZoneInfo("Europe/Stockholm")
_CLOCK = re.compile(r"(.{8,10})[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?")
"""A day with the time of day, as databases and spreadsheets write it, and how far that is from UTC."""
_NEVER = re.compile(
    r"(?:9999|2999)\D?[0-9]{2}\D?[0-9]{2}(?:\D.*)?|[0-9]{1,2}\D[0-9]{1,2}\D(?:9999|2999)(?:\D.*)?"
    r"|[-–—]|tills\s?vidare|t\.?\s?v\.?|null",
    re.IGNORECASE,
)
_EXCEL = re.compile(r"[1-9]\d{4}")
_EXCEL_BEGINS = date(1899, 12, 30)
_EXAMPLE = datetime(2024, 1, 31, 8, 15)  # noqa: DTZ001 -- shows what a form looks like


def is_never(text: str) -> bool:
    """Whether a text says of a last day that there is none, as databases and people write it."""
    return _NEVER.fullmatch(text) is not None


@lru_cache(50_000)
def parsed(text: str, forms: tuple[str, ...], path: str) -> datetime:
    """The day, or the moment, that a text tells in one of some forms; a day with the time of day is that day."""
    for form in forms:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 -- the zone, where one matters, is added by the caller
        except ValueError:
            continue
    if clock := _CLOCK.fullmatch(text):
        return _local(text) if clock[2] else parsed(clock[1].strip(), forms, path)
    likes = " or ".join(_EXAMPLE.strftime(form) for form in forms)
    if _EXCEL.fullmatch(text):
        day = _EXCEL_BEGINS + timedelta(int(text))
        message = f"this is how a spreadsheet counts the day {day}: expected a date like {likes}"
        raise CellError("invalid_value", path, message, "excel_day")
    raise CellError("invalid_value", path, f"expected a date like {likes}", "no_date")


def _local(text: str) -> datetime:
    """A moment by Swedish clocks: midnight there is another day in UTC."""
    try:
        return datetime.fromisoformat(text).astimezone(ZONE).replace(tzinfo=None)
    except ValueError:
        raise CellError("invalid_value", "$", "no date with a time", "no_date") from None
