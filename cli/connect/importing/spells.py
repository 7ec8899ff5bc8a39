"""Absences from day-by-day transactions: they go on across weekends and all other days without scheduled work."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from cli.connect.importing.period import DAY, Days
from cli.connect.importing.timesheet import Timesheet, TimesheetEntry
from shared.contracts.events import AbsenceKind

_PRECISION = 6
"""Decimals of an extent: facts are kept in millionths."""


class AbsenceSpell(NamedTuple):
    """One absence: its days, and from which day on which extent (0–1) holds."""

    kind: AbsenceKind
    days: Days
    extents: tuple[tuple[date, float], ...]


def spells(sheet: Timesheet, until: date, day_hours: float | None) -> Iterator[AbsenceSpell]:
    """The absences of a series, of which files tell ``until`` a day; ``day_hours`` are those of an unscheduled day.

    Two days of absence belong together if no scheduled day lies between. Where nothing was scheduled after the last one
    until the files end, the absence lasts to the day before work next is, so that it goes on if the next file does.
    """
    for kind, extents in sorted(_extents(sheet, day_hours).items()):
        for days in _together(sorted(extents), sheet):
            yield AbsenceSpell(kind, Days(days[0], _end(days[-1], until, sheet)), tuple(_turns(days, extents)))


def absent(entries: Sequence[TimesheetEntry], scheduled: float | None, day_hours: float | None) -> float:
    """The share of a day that entries are absent: hours of the scheduled, else the extent told, else all of it."""
    shares = (_share(e, scheduled, day_hours) for e in entries if e.meaning.use == "absence")
    return round(min(1.0, sum(shares)), _PRECISION)


def _share(entry: TimesheetEntry, scheduled: float | None, day_hours: float | None) -> float:
    if entry.hours is not None and scheduled:
        return entry.hours / scheduled
    if entry.extent is not None:
        return entry.extent
    return entry.hours / day_hours if entry.hours is not None and day_hours else 1.0


def _extents(sheet: Timesheet, day_hours: float | None) -> dict[AbsenceKind, dict[date, float]]:
    found: defaultdict[AbsenceKind, dict[date, float]] = defaultdict(dict)
    for day, entries in sheet.entries.items():
        for kind in {e.meaning.kind for e in entries if e.meaning.kind}:
            of_kind = [e for e in entries if e.meaning.kind == kind]
            found[kind][day] = absent(of_kind, sheet.scheduled.get(day), day_hours)
    return found


def _together(days: Sequence[date], sheet: Timesheet) -> Iterator[list[date]]:
    group = list(days[:1])
    for before, after in pairwise(days):
        if _next_worked(before, sheet) < after:
            yield group
            group = []
        group.append(after)
    yield group


def _next_worked(day: date, sheet: Timesheet) -> date:
    day += DAY
    while not sheet.works(day):
        day += DAY
    return day


def _end(last: date, until: date, sheet: Timesheet) -> date:
    work = _next_worked(last, sheet)
    return work - DAY if work > until else last


def _turns(days: Sequence[date], extents: dict[date, float]) -> Iterator[tuple[date, float]]:
    held: float | None = None
    for day in days:
        if extents[day] != held:
            held = extents[day]
            yield day, held
