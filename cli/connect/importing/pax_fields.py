"""The fields of a PAXml record, whether they are attributes (as often in 1.0) or elements (2.x), and what they say."""

from datetime import date, datetime
from typing import NamedTuple
from xml.etree.ElementTree import Element

from cli.connect.importing import pax_times
from cli.connect.importing.codes import written
from cli.connect.importing.pax_values import HOURS_A_DAY, Fields, date_of, days, needed, number, shift
from services.ingest.domain.refusal import RefusalError
from shared.contracts import names

ZONE = pax_times.SWEDEN
"""The clock of the programs that write PAXml."""


class Who(NamedTuple):
    """Whom a record is about, as the file says it: ``persnr``, ``anstid``, or both."""

    person: str | None
    employment: str | None


class Transaction(NamedTuple):
    """A ``tidtrans``: what code over which days, how many hours in all, which share of full time.

    Hours below zero take back those of another one.
    """

    who: Who
    code: str
    first: date
    last: date
    hours: float | None
    extent: float | None

    @property
    def takes_back(self) -> bool:
        """Whether it corrects another one."""
        return self.hours is not None and self.hours < 0


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


def is_left_empty(element: Element, name: str) -> bool:
    """Whether a field is there and nothing stands in it."""
    told = [value for field, value in element.attrib.items() if _name(field) == name]
    told += [child.text or "" for child in element if isinstance(child.tag, str) and _name(child.tag) == name]
    return bool(told) and not any(value.strip() for value in told)


def _name(qualified: str) -> str:
    return qualified.rpartition(":")[2].lower()


def code(found: Fields) -> str:
    """The code of a ``tidtrans``; raises RefusalError if it has none."""
    return written(needed(found, "tidkod"))


def transaction(found: Fields, made: date | None) -> Transaction:
    """A ``tidtrans`` of a file ``made`` on a day; raises RefusalError naming the field that is missing or cannot be."""
    first, last, between = days(found, made)
    most = HOURS_A_DAY * ((last - first).days + 1)
    hours = number(found, "timmar", -most, most)
    percent = number(found, "omfattning", 0, 100)
    if percent == 0:
        raise RefusalError("invalid_value", "omfattning", "0 is no absence; expected percent, as 100")
    told = between if hours is None else hours
    return Transaction(who(found), code(found), first, last, told, percent and percent / 100)


def scheduled(about: Who, element: Element) -> Scheduled:
    """A ``dag`` of a schedule, its hours told or between two times; raises RefusalError."""
    found = fields(element)
    hours = number(found, "timmar", 0, HOURS_A_DAY)
    if hours is None and not {"starttid", "sluttid"} & found.keys():
        raise RefusalError("missing_field", "timmar", "timmar is missing: the scheduled hours of the day")
    day = date_of(found, "datum")
    if hours is None:
        hours = shift(found, day).hours
    return Scheduled(about, day, HOURS_A_DAY if hours is None else hours)


def who(found: Fields) -> Who:
    """Person and employment of a record; raises RefusalError if it has neither."""
    if "persnr" not in found and "anstid" not in found:
        raise RefusalError("missing_field", "anstid", "neither anstid nor persnr says whom the record is about")
    for field in ("persnr", "anstid"):
        if len(found.get(field, "")) > names.LONGEST:
            raise RefusalError("invalid_value", field, f"{field} is longer than {names.LONGEST} characters")
    return Who(found.get("persnr"), found.get("anstid"))


def created(told: str) -> datetime | None:
    """When the file was made, as its header tells; None for what is no time."""
    try:
        instant = datetime.fromisoformat(told)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=ZONE)
