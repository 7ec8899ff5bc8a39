"""Days that cannot be as files tell of them: more hours than a day has, or hours taken back that nothing tells of."""

from collections import defaultdict
from collections.abc import Container, Iterator
from datetime import date

from cli.connect.importing.codes import Meaning
from cli.connect.importing.timesheet import Timesheet, TimesheetEntry
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


def too_long(sheet: Timesheet, files: Container[str]) -> Iterator[str]:
    """A remark on each day with more hours than it has, at the longest of its records, if it is in one of ``files``."""
    for day, entries in sorted(sheet.entries.items()):
        hours = sum(e.hours or 0 for e in entries)
        longest = max(entries, key=lambda e: e.hours or 0, default=None)
        if longest and hours > _HOURS_A_DAY + _NOISE and longest.place.file in files:
            file, line = longest.place
            yield f"{file}:{line}: {hours:g} hours on {day}, {longest.hours:g} of them here: a day has {_HOURS_A_DAY}"


def _by_meaning(entries: list[TimesheetEntry]) -> dict[Meaning, list[TimesheetEntry]]:
    found: defaultdict[Meaning, list[TimesheetEntry]] = defaultdict(list)
    for entry in entries:
        found[entry.meaning].append(entry)
    return found


def _nothing_to_take_back(entry: TimesheetEntry, day: date) -> LineFault:
    message = (
        f"{entry.hours:g} takes back more than the files tell of {day}: give the file that tells of it as --previous"
    )
    return LineFault(entry.place, "invalid_value", "timmar", message)
