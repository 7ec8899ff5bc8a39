"""Employments that PAXml files tell of in ``personal``: as statements, and as the days of service they say."""

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from cli.connect.importing.pax_file import PaxFile
from cli.connect.importing.pax_person import UNIT, PersonRecord
from cli.connect.importing.period import Days
from cli.connect.importing.understood import Remark
from cli.connect.publishing.judged import judged
from cli.connect.publishing.line import FilePlace, Line, LineFault
from cli.connect.publishing.statement import Statement, identity
from services.ingest.domain import identity_number
from shared.contracts.envelope import decode
from shared.contracts.event_types import EMPLOYMENT_CHANGED, EMPLOYMENT_ENDED, EMPLOYMENT_STARTED, RETRACTED
from shared.contracts.subjects import PERSON_PREFIX

_TYPES = frozenset({EMPLOYMENT_STARTED, EMPLOYMENT_CHANGED, EMPLOYMENT_ENDED})
Persons = dict[str, tuple[FilePlace, PersonRecord]]


class _Named(msgspec.Struct, frozen=True):
    employment: str


def persons(files: Sequence[PaxFile]) -> Persons:
    """What is said of each employment (``anstid``); of several files the last one's word holds."""
    return {
        record.who.employment: (place, record)
        for pax in files
        for place, record in pax.persons
        if record.who.employment
    }


def owners(found: Persons) -> dict[str, str]:
    """Whose the employments are that events tell of: ``persnr``, else ``anstid``."""
    return {name: r.who.person or name for name, (_, r) in found.items() if r.is_employment}


def service(found: Persons) -> dict[str, list[Days]]:
    """The days of each employment whose first one is told."""
    return {name: [Days(r.first, r.last or date.max)] for name, (_, r) in found.items() if r.first}


def remarks(found: Persons) -> Iterator[Remark]:
    """What persons do not tell, and what is made of it."""
    if bare := sum(not r.is_employment for _, r in found.values()):
        yield Remark("bare_persons", {"n": bare}, {"dimension": str(UNIT)})
    if assumed := sum(r.is_employment and r.form is None for _, r in found.values()):
        yield Remark("no_form", {"n": assumed})


def statements(found: Persons) -> Iterator[Statement]:
    """Start, degree and end of every employment that enough is told of; no end takes back what was said of one."""
    for name, (place, r) in found.items():
        if r.is_employment and r.first:
            subject, named = f"{PERSON_PREFIX}{r.who.person or name}", {"employment": name}
            yield Statement(place, ("start", name), EMPLOYMENT_STARTED, subject, _start(r) | named)
            if r.degree is not None and r.degree_since and r.degree_since > r.first:
                data = {**named, "effective": r.degree_since, "fte": r.degree}
                yield Statement(place, ("terms", name, str(r.degree_since)), EMPLOYMENT_CHANGED, subject, data)
            if r.last:
                data = {**named, "last_day": r.last, "reason": "other"}
                yield Statement(place, ("end", name), EMPLOYMENT_ENDED, subject, data)
            else:
                yield Statement(place, ("end", name), RETRACTED, subject, {})


def whole(lines: Sequence[Line]) -> Iterator[Line | LineFault]:
    """The events, judged as ingest would; of an employment at fault none is made: half would say something else."""
    told = [(_about(line), judged(line)) for line in lines]
    at_fault = {about for about, made in told if about and isinstance(made, LineFault)}
    at_fault |= {identity(("end", name)) for name in at_fault}
    yield from (made for about, made in told if isinstance(made, LineFault) or about not in at_fault)


def _about(line: Line) -> str | None:
    """Which employment an event is of, or what a retraction takes back; None of other events."""
    event = decode(line.body)
    if event.type == RETRACTED:
        return event.corrects
    return msgspec.json.decode(event.data, type=_Named).employment if event.type in _TYPES else None


def _start(r: PersonRecord) -> dict[str, object]:
    told: dict[str, object] = {"effective": r.first, "unit": r.unit, "occupation": r.occupation}
    told |= {"form": r.form or "permanent"} | ({} if r.degree is None else {"fte": r.degree})
    number = r.who.person and r.first and identity_number.canonical(r.who.person, r.first.year)
    return told | ({"born": int(number[:4]), "gender": "fm"[int(number[-2]) % 2]} if number else {})
