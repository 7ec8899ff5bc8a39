"""What cannot be as files tell of it: too many hours of a day, hours taken back or worked when there were none."""

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from datetime import date
from pathlib import Path

from cli.connect.importing.codes import WORKED, Meaning
from cli.connect.importing.period import Days
from cli.connect.importing.timesheet import Timesheet, TimesheetEntry
from cli.connect.importing.understood import Remark
from cli.connect.publishing.line import LineFault

_HOURS_A_DAY = 24
_NOISE = 1e-9
"""Hours divided over days and summed again may miss by rounding."""


def take_back(sheet: Timesheet) -> Iterator[LineFault]:
    """Leave out what takes back more than files tell, and say so."""
    for day, entries in sheet.entries.items():
        for meaning, some in _by_meaning(entries).items():
            if sum(e.hours or 0 for e in some) < -_NOISE and all(e.hours is not None for e in some):
                yield from (_nothing_to_take_back(e, day) for e in some if (e.hours or 0) < 0)
                sheet.entries[day] = [e for e in sheet.entries[day] if e.meaning != meaning]


def outside(sheet: Timesheet, service: Sequence[Days]) -> Iterator[LineFault]:
    """Leave out hours worked on days that are not in service, and say so."""
    for day, entries in sheet.entries.items():
        if not any(day in days for days in service) and sheet.hours(day, *WORKED):
            yield from (_not_in_service(e, day, service) for e in entries if e.meaning.use in WORKED)
            sheet.entries[day] = [e for e in entries if e.meaning.use not in WORKED]


def _not_in_service(entry: TimesheetEntry, day: date, service: Sequence[Days]) -> LineFault:
    periods = ", ".join(f"{first} to {'now' if last == date.max else last}" for first, last in service)
    message = f"{entry.hours:g} hours on {day}, when the employment is not: it lasts {periods}"
    return LineFault(entry.place, "outside_employment", "datum", message)


def too_long(sheet: Timesheet, files: Container[str]) -> Iterator[Remark]:
    """A remark on each day with more hours than it has, at the longest of its records, if it is in one of ``files``."""
    for day, entries in sorted(sheet.entries.items()):
        hours = sum(e.hours or 0 for e in entries)
        longest = max(entries, key=lambda e: e.hours or 0, default=None)
        if longest and hours > _HOURS_A_DAY + _NOISE and longest.place.file in files:
            file, line = longest.place
            here = {"file": Path(file).name, "line": str(line), "day": str(day), "most": str(_HOURS_A_DAY)}
            yield Remark("long_day", {"hours": hours, "longest": longest.hours or 0}, here)


def _by_meaning(entries: list[TimesheetEntry]) -> dict[Meaning, list[TimesheetEntry]]:
    found: defaultdict[Meaning, list[TimesheetEntry]] = defaultdict(list)
    for entry in entries:
        found[entry.meaning].append(entry)
    return found


def _nothing_to_take_back(entry: TimesheetEntry, day: date) -> LineFault:
    message = (
        f"{entry.hours:g} takes back more than the files tell of {day}: give the file that tells of it as --previous"
    )
    return LineFault(entry.place, "nothing_to_take_back", "timmar", message)
