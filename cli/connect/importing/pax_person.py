"""A ``person`` of PAXml: since when and until when they are employed, where, as what, and to which degree."""

from datetime import date
from typing import NamedTuple
from xml.etree.ElementTree import Element

from cli.connect.importing.pax_fields import Who, fields, who
from cli.connect.importing.pax_values import Fields, date_of, number
from cli.connect.publishing.days import is_never
from cli.connect.publishing.line import CellError
from services.ingest.domain.refusal import RefusalError
from shared.contracts.events import Form

FORMS: dict[str, Form] = {
    **dict.fromkeys(("tillsvidare", "tillsvidareanställning", "tillsvidareanställd", "tv", "fast"), "permanent"),
    **dict.fromkeys(("visstid", "visstidsanställning", "visstidsanställd", "vikariat", "vikarie"), "fixed_term"),
    **dict.fromkeys(("provanställning", "allmän visstidsanställning", "ava", "säva"), "fixed_term"),
    **dict.fromkeys(("särskild visstidsanställning",), "fixed_term"),
    **dict.fromkeys(("timavlönad", "timanställd", "timlön", "intermittent"), "hourly"),
}
"""What ``anstform`` may say, in any case."""
UNIT = "1"
"""The dimension of ``resenheter`` that is the unit: kostnadsställe, as in SIE."""


class PersonRecord(NamedTuple):
    """What a file says of one employment; the degree (0–1) holds from ``degree_since`` on, if that is told."""

    who: Who
    first: date | None
    last: date | None
    unit: str | None
    occupation: str | None
    form: Form | None
    degree: float | None
    degree_since: date | None

    @property
    def is_employment(self) -> bool:
        """Whether it tells enough for an event: which employment, since when, where and as what."""
        return bool(self.who.employment and self.first and self.unit and self.occupation)


def person(element: Element) -> PersonRecord | None:
    """A person; None if the receiver is told to delete them. Raises RefusalError with the field that cannot be."""
    found = fields(element)
    if found.get("delete", "").lower() in {"true", "1"}:
        return None
    first = date_of(found, "anstdatum") if "anstdatum" in found else None
    last = date_of(found, "avgdatum") if "avgdatum" in found and not is_never(found["avgdatum"]) else None
    if first and last and last < first:
        raise RefusalError("ends_before_start", "avgdatum", f"{last} is before anstdatum, {first}")
    since = next((fields(child) for child in element if _is(child, "sysgrad") and "datum" in child.attrib), None)
    return PersonRecord(
        who(found),
        first,
        last,
        _unit(element),
        found.get("befattning"),
        _form(found),
        _degree(found),
        date_of(since, "datum") if since else None,
    )


def _is(element: Element, name: str) -> bool:
    return isinstance(element.tag, str) and element.tag.rpartition(":")[2].lower() == name


def _unit(element: Element) -> str | None:
    units = (fields(one) for child in element if _is(child, "resenheter") for one in child)
    return next((unit.get("id") for unit in units if unit.get("dim") == UNIT), None)


def _form(found: Fields) -> Form | None:
    if found.get("lonform", "").upper() == "TIM":
        return "hourly"
    if "anstform" not in found:
        return None
    form = FORMS.get(found["anstform"].lower())
    if form is None:
        known = ", ".join(FORMS)
        message = f"{found['anstform']!r} is none of {known}"
        raise CellError("invalid_value", "anstform", message, "unknown_word", cell=found["anstform"])
    return form


def _degree(found: Fields) -> float | None:
    percent = number(found, "sysgrad", 0, 100)
    if percent is not None and 0 < percent <= 1:
        message = f"{percent:g} is a share; expected percent, as 75"
        raise CellError("invalid_value", "sysgrad", message, "mixed_degrees", cell=found["sysgrad"])
    return None if percent is None else percent / 100
