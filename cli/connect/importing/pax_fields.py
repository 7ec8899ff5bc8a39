"""The fields of a PAXml record, whether they are attributes (as often in 1.0) or elements (2.x), and what they say."""

import math
import re
from datetime import date, datetime
from typing import NamedTuple
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from cli.connect.importing.codes import written
from services.ingest.domain.refusal import RefusalError
from shared.contracts import names

Fields = dict[str, str]
ZONE = ZoneInfo("Europe/Stockholm")
"""The clock of the programs that write PAXml."""
LONGEST = 3660
"""Days of one record; a longer one is a typing error."""
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T[\d:.]*)?")
_HOURS_A_DAY = 24


class Who(NamedTuple):
    """Whom a record is about, as the file says it: ``persnr``, ``anstid``, or both."""

    person: str | None
    employment: str | None


class Transaction(NamedTuple):
    """A ``tidtrans``: what code over which days, how many hours in all, which share of full time."""

    who: Who
    code: str
    first: date
    last: date
    hours: float | None
    extent: float | None


class Scheduled(NamedTuple):
    """A ``dag`` of a ``schema``: scheduled hours that day."""

    who: Who
    day: date
    hours: float


def fields(element: Element) -> Fields:
    """Attributes and the texts of child elements, by name; where both are given the element holds."""
    found = {_name(name): value.strip() for name, value in element.attrib.items()}
    for child in element:
        if isinstance(child.tag, str) and (value := (child.text or "").strip()):
            found[_name(child.tag)] = value
    return {name: value for name, value in found.items() if value}


def _name(qualified: str) -> str:
    return qualified.rpartition(":")[2].lower()


def transaction(element: Element) -> Transaction:
    """A ``tidtrans``; raises RefusalError naming the field that is missing or cannot be."""
    found = fields(element)
    first, last = _days(found)
    hours = _number(found, "timmar", 0, _HOURS_A_DAY * ((last - first).days + 1))
    percent = _number(found, "omfattning", 0, 100)
    if percent == 0:
        raise RefusalError("invalid_value", "omfattning", "0 is no absence; expected percent, as 100")
    return Transaction(who(found), written(_needed(found, "tidkod")), first, last, hours, percent and percent / 100)


def scheduled(about: Who, element: Element) -> Scheduled:
    """A ``dag`` of a schedule; raises RefusalError."""
    found = fields(element)
    hours = _number(found, "timmar", 0, _HOURS_A_DAY)
    if hours is None:
        raise RefusalError("missing_field", "timmar", "timmar is missing: the scheduled hours of the day")
    return Scheduled(about, _date(found, "datum"), hours)


def who(found: Fields) -> Who:
    """Person and employment of a record; raises RefusalError if it has neither."""
    if "persnr" not in found and "anstid" not in found:
        raise RefusalError("missing_field", "anstid", "neither anstid nor persnr says whom the record is about")
    for field in ("persnr", "anstid"):
        if len(found.get(field, "")) > names.LONGEST:
            raise RefusalError("invalid_value", field, f"{field} is longer than {names.LONGEST} characters")
    return Who(found.get("persnr"), found.get("anstid"))


def created(element: Element) -> datetime | None:
    """When the file was made, by its header."""
    told = fields(element).get("datum")
    if told is None:
        return None
    try:
        instant = datetime.fromisoformat(told)
    except ValueError:
        raise RefusalError("invalid_value", "datum", f"{told!r} is not a time like 2024-02-05T08:30:00") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=ZONE)


def _days(found: Fields) -> tuple[date, date]:
    if "datum" in found:
        return _date(found, "datum"), _date(found, "datum")
    first, last = _date(found, "datumfrom"), _date(found, "datumtom")
    if last < first:
        raise RefusalError("ends_before_start", "datumtom", f"{last} is before datumfrom, {first}")
    if (last - first).days >= LONGEST:
        raise RefusalError("invalid_value", "datumtom", f"{first} to {last} is longer than ten years")
    return first, last


def _date(found: Fields, name: str) -> date:
    told = _needed(found, name)
    match = _DATE.fullmatch(told)
    try:
        day = date(*map(int, match.groups())) if match else None
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2200:
        raise RefusalError("invalid_value", name, f"{told!r} is not a date like 2024-01-31")
    return day


def _number(found: Fields, name: str, low: float, high: float) -> float | None:
    if name not in found:
        return None
    told = found[name]
    try:
        number = float(told.replace(",", "."))
    except ValueError:
        number = math.nan
    if math.isnan(number):
        raise RefusalError("invalid_value", name, f"{told!r} is not a number")
    if not low <= number <= high:
        raise RefusalError("invalid_value", name, f"{told} is not between {low:g} and {high:g}")
    return number


def _needed(found: Fields, name: str) -> str:
    if name not in found:
        raise RefusalError("missing_field", name, f"{name} is missing")
    return found[name]
