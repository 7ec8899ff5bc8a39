"""PAXml files to statements: absences as spells, and hours worked as reports."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import msgspec

from cli.connect.importing import pax_employments, sheets
from cli.connect.importing.codes import Meaning
from cli.connect.importing.day_checks import outside, take_back, too_long
from cli.connect.importing.hours import Report, has_base, reports
from cli.connect.importing.pax_employments import Persons
from cli.connect.importing.pax_file import PaxFile
from cli.connect.importing.period import ALWAYS, Days, Per, made_then
from cli.connect.importing.sheets import Sheets
from cli.connect.importing.spells import spells
from cli.connect.importing.timesheet import PersonEmployment, Timesheet
from cli.connect.importing.understood import Remark, Understood
from cli.connect.publishing import statement
from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.known import known_from
from cli.connect.publishing.line import Line
from cli.connect.publishing.statement import Statement
from shared.contracts.envelope import decode
from shared.contracts.event_types import (
    ABSENCE_CHANGED,
    ABSENCE_STARTED,
    EMPLOYMENT_CHANGED,
    EMPLOYMENT_ENDED,
    EMPLOYMENT_STARTED,
    TIME_REPORTED,
)

LONG_AGO = datetime.min.replace(tzinfo=UTC)
Data = dict[str, object]
Service = dict[str, list[Days]]
"""On which days an employment lasts."""


class ReadingOptions(msgspec.Struct, frozen=True):
    """How files are read.

    ``register`` says whose an employment is; ``day_hours`` how long a day is that no schedule tells of; ``recorded``
    when the files were made, in place of what their headers say; ``service`` on which days an employment lasts;
    ``known_from`` since when the files tell all there is: else of employments since they were made, of the rest since
    the first day they tell of, if that is no later.
    """

    codes: dict[str, Meaning]
    register: dict[str, str] | None = None
    per: Per = Per.month
    day_hours: float | None = None
    recorded: datetime | None = None
    service: Service = {}
    known_from: date | None = None


def lines(
    files: Sequence[Path], previous: Sequence[Path], reading: ReadingOptions, source: str, report: Understood
) -> list[Line]:
    """The events of the files; with ``previous``, of what all of them together state and the previous ones did not.

    Raises HindranceError if a file is no PAXml, does not say when it was made, or is not later than the previous ones.
    """
    known = [PaxFile(file, reading.codes, Understood([])) for file in previous]
    news = [PaxFile(file, reading.codes, report, reading.recorded) for file in files]
    recorded = _recorded(news, known, reading)
    old = _stated(known, [], Understood([]), reading)
    now = _stated(known, news, report, reading)
    report.remarks.extend(pax_employments.remarks(now.persons))
    report.remarks.extend(_remarks(now.sheets, news, reading.codes))
    report.spells = sum(s.type == ABSENCE_STARTED for s in now.statements)
    report.first_day, report.last_day = _days(news) or _days(known) or (None, None)
    made = statement.lines(statement.difference(old.statements, now.statements), source, recorded)
    own = recorded.date()
    since = reading.known_from or min(report.first_day or own, own)
    if reading.known_from or report.first_day:
        report.knows(since, is_said=reading.known_from is not None)
    return list(known_from(_known(made, reading.known_from or own), since))


class _Stated(NamedTuple):
    persons: Persons
    sheets: Sheets
    statements: list[Statement]


def _stated(known: Sequence[PaxFile], news: Sequence[PaxFile], report: Understood, reading: ReadingOptions) -> _Stated:
    """What files state together, those known before first; what is at fault in the new ones is reported."""
    files = [*_in_order(known), *_in_order(news)]
    persons = {n: told for n, told in pax_employments.persons(files).items() if n not in (reading.register or {})}
    service = pax_employments.service(persons) | reading.service
    together: Sheets = {}
    for pax in files:
        sheets.merge(together, sheets.sheets(pax, reading.register, pax_employments.owners(persons)), pax.days)
    _judge(together, service, report, {pax.name for pax in news})
    made = list(pax_employments.statements(persons))
    return _Stated(persons, together, made + list(_statements(together, _days(files), service, reading)))


def _known(made: Iterable[Line], day: date) -> Iterator[Line]:
    """Employments are known since the file tells of all of them."""
    for line in made:
        told = decode(line.body).type in {EMPLOYMENT_STARTED, EMPLOYMENT_CHANGED, EMPLOYMENT_ENDED}
        yield from known_from([line], day) if told else [line]


def _recorded(news: Sequence[PaxFile], known: Sequence[PaxFile], reading: ReadingOptions) -> datetime:
    made = [reading.recorded or pax.created for pax in news]
    if None in made:
        undated = news[made.index(None)]
        if undated.said:
            raise HindranceError("no_moment", undated.name, said=undated.said)
        raise HindranceError("undated", undated.name)
    recorded = max(time for time in made if time)
    if not made_then(recorded.date(), datetime.now(tz=recorded.tzinfo).date()):
        undue = news[made.index(recorded)].name
        raise HindranceError("made_then", undue, day=recorded.date())
    for pax in known:
        if pax.created and pax.created >= recorded:
            raise HindranceError("not_later", pax.name, made=pax.created)
    return recorded


def _in_order(files: Sequence[PaxFile]) -> list[PaxFile]:
    """By when they were made; those that do not say come first, as given."""
    return sorted(files, key=lambda pax: pax.created or LONG_AGO)


def _days(files: Sequence[PaxFile]) -> Days | None:
    spans = [days for pax in files if (days := pax.days)]
    return Days(min(d.first for d in spans), max(d.last for d in spans)) if spans else None


def _judge(together: Sheets, service: Service, report: Understood, files: Container[str]) -> None:
    """Leave out what cannot be; of files imported before that was said then."""
    faults = {
        fault.place: fault
        for series, sheet in together.items()
        for fault in chain(take_back(sheet), outside(sheet, service.get(series.employment or "", [ALWAYS])))
        if fault.place.file in files
    }
    report.used -= len(faults)
    for fault in faults.values():
        report.add_fault(fault)


def _remarks(together: Sheets, news: Sequence[PaxFile], codes: dict[str, Meaning]) -> Iterator[Remark]:
    for code, count in sum((pax.assumed for pax in news), Counter[str]()).items():
        kind = "own_code_absent" if codes[code].kind else "own_code_passed"
        yield Remark(kind, {"n": count}, {"code": code})
    for pax in news:
        yield from pax.ahead.remarks(pax.made)
    for sheet in together.values():
        yield from too_long(sheet, {pax.name for pax in news})
    if bare := sum(not has_base(sheet) and sheet.adds_hours for sheet in together.values()):
        yield Remark("extra_hours_alone", {"n": bare})


def _statements(together: Sheets, days: Days | None, service: Service, reading: ReadingOptions) -> Iterator[Statement]:
    if days:
        for series, sheet in together.items():
            yield from _absences(series, sheet, days, reading)
            periods = service.get(series.employment or "", [ALWAYS])
            yield from _hours(series, sheet, reports(sheet, days, reading.per, reading.day_hours, periods))


def _hours(series: PersonEmployment, sheet: Timesheet, made: Iterable[Report]) -> Iterator[Statement]:
    for report in made:
        first, last = report.days
        data: Data = {"from": first, "to": last, "worked_hours": report.worked}
        if report.overtime:
            data["overtime_hours"] = report.overtime
        yield Statement(sheet.place, ("hours", *series.key, str(report.since)), TIME_REPORTED, series.subject, data)


def _absences(series: PersonEmployment, sheet: Timesheet, days: Days, reading: ReadingOptions) -> Iterator[Statement]:
    for spell in spells(sheet, days.last, reading.day_hours):
        (first, extent), *turns = spell.extents
        key = ("absence", *series.key, spell.kind, str(first))
        place = sheet.entries[first][0].place
        parts = (*key[3:], *([f"e{series.employment}"] if series.employment else []))  # a letter: no identity number
        named: Data = {"absence": "-".join(parts)}
        data = named | {"effective": first, "kind": spell.kind, "extent": extent, "last_day": spell.days.last}
        if series.absent_from:
            data["employment"] = series.absent_from
        yield Statement(place, key, ABSENCE_STARTED, series.subject, data)
        for day, changed in turns:
            said = named | {"effective": day, "extent": changed}
            yield Statement(place, (*key, str(day)), ABSENCE_CHANGED, series.subject, said)
