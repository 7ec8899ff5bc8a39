"""Absences from day-by-day transactions: they go on across weekends and all other days without scheduled work."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from cli.connect.importing.codes import Use
from cli.connect.importing.period import DAY, Days
from cli.connect.importing.timesheet import Timesheet, TimesheetEntry
from shared.contracts.events import AbsenceKind

_AWAY: tuple[Use, ...] = ("absence", "unknown")
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


def absent(sheet: Timesheet, day: date, day_hours: float | None, kind: AbsenceKind | None = None) -> float:
    """The share of a day (0–1) that is absent, of one kind or of all and of what is not known.

    Hours count by those scheduled; without a schedule the extent told holds, else they count by the hours of the day.
    """
    away = [e for e in sheet.entries.get(day, ()) if e.meaning.use in _AWAY and kind in {None, e.meaning.kind}]
    if not away:
        return 0
    scheduled = sheet.scheduled.get(day)
    whole = scheduled or _hours_of(sheet, day, day_hours)
    return round(min(1.0, max(0.0, sum(_share(e, whole, bool(scheduled)) for e in away))), _PRECISION)


def _hours_of(sheet: Timesheet, day: date, day_hours: float | None) -> float:
    """The hours that a day has which is in no schedule: those worked and absent, if any were worked."""
    away = sheet.hours(day, *_AWAY)
    if (worked := sheet.hours(day, "worked")) > 0:
        return worked + away
    if day_hours:
        return day_hours
    if any((e.hours or 0) < 0 for e in sheet.entries[day]):
        return max(e.hours or 0 for e in sheet.entries[day])
    return away


def _share(entry: TimesheetEntry, whole: float, scheduled: bool) -> float:
    back = -1 if (entry.hours or 0) < 0 else 1
    if entry.extent is not None and not (entry.hours is not None and scheduled):
        return back * entry.extent
    return entry.hours / whole if entry.hours is not None and whole > 0 else back


def _extents(sheet: Timesheet, day_hours: float | None) -> dict[AbsenceKind, dict[date, float]]:
    found: defaultdict[AbsenceKind, dict[date, float]] = defaultdict(dict)
    for day, entries in sheet.entries.items():
        for kind in {e.meaning.kind for e in entries if e.meaning.kind}:
            if extent := absent(sheet, day, day_hours, kind):
                found[kind][day] = extent
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
