"""The sheets of a PAXml file, one for each employment it tells of, and those of several files together."""

from datetime import date

from cli.connect.importing.pax_fields import Who
from cli.connect.importing.pax_file import PaxFile
from cli.connect.importing.period import Days
from cli.connect.importing.register import People
from cli.connect.importing.timesheet import PersonEmployment, Timesheet
from cli.connect.importing.understood import Understood
from cli.connect.publishing.line import FilePlace, faulty
from services.ingest.domain.refusal import RefusalError

Sheets = dict[PersonEmployment, Timesheet]


def sheets(pax: PaxFile, register: dict[str, str] | None, told: dict[str, str]) -> Sheets:
    """What the file says, by employment; records about nobody known go to its report.

    Whose an employment is, ``register`` says, or ``told``, which files do themselves.
    """
    said = [s.who for _, s in pax.scheduled] + [t.who for _, t, _ in pax.transactions] + [p.who for _, p in pax.persons]
    people = People(register, said, told)
    found: Sheets = {}
    for planned, (place, hours) in _schedules(pax, people).items():
        found.setdefault(planned, Timesheet(place)).schedule(hours)
    for place, t, meaning in pax.transactions:
        if series := _known(people, place, t.who, pax.report):
            found.setdefault(series, Timesheet(place)).add(place, t, meaning)
            pax.report.used += meaning.use != "unknown"
    return found


def _schedules(pax: PaxFile, people: People) -> dict[PersonEmployment, tuple[FilePlace, dict[date, float]]]:
    """Scheduled hours by day; several shifts of a day add up."""
    found: dict[PersonEmployment, tuple[FilePlace, dict[date, float]]] = {}
    unknown: set[FilePlace] = set()
    for place, s in pax.scheduled:
        if place not in unknown and (series := _known(people, place, s.who, pax.report)) is None:
            unknown.add(place)
            pax.report.records += 1
        elif place not in unknown and series:
            _, hours = found.setdefault(series, (place, {}))
            hours[s.day] = hours.get(s.day, 0) + s.hours
    return found


def merge(known: Sheets, later: Sheets, days: Days | None) -> None:
    """Take what a later file says: of the days it tells of, its word on an employment holds."""
    for series, sheet in later.items():
        if series in known:
            known[series].override(sheet, days)
        else:
            known[series] = sheet


def _known(people: People, place: FilePlace, who: Who, report: Understood) -> PersonEmployment | None:
    try:
        return people.series(who)
    except RefusalError as error:
        report.add_fault(faulty(place, error))
        return None
