"""Time reports from transactions: hours worked and overtime, summed over calendar months or weeks."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from cli.connect.importing.period import ALWAYS, DAY, Days, Per
from cli.connect.importing.spells import absent
from cli.connect.importing.timesheet import Timesheet

_PRECISION = 4


class Report(NamedTuple):
    """Hours of some days; ``worked`` includes ``overtime``. ``since`` names it: the month's or week's first day."""

    since: date
    days: Days
    worked: float
    overtime: float


def reports(
    sheet: Timesheet, told: Days, per: Per, day_hours: float | None, service: Sequence[Days] = (ALWAYS,)
) -> Iterator[Report]:
    """A report for each month or week in which something was worked, within the days that files tell of.

    It is of days in service alone, so hours are not spread over others. Ordinary hours are those of transactions, if
    there are any, else the scheduled ones without what was absent.
    """
    for part in told.parted(per):
        since = part.first
        for days in (both for period in service if (both := part.shared(period))):
            report = _report(since, days, sheet, day_hours)
            if report.worked or report.overtime:
                yield report
            since = days.last + DAY


def _report(since: date, days: Days, sheet: Timesheet, day_hours: float | None) -> Report:
    by_transactions = _tells_worked(sheet)
    worked = overtime = 0.0
    for day in days.each():
        ordinary = sheet.hours(day, "worked") if by_transactions else _present(sheet, day, day_hours)
        overtime += sheet.hours(day, "overtime")
        worked += ordinary + sheet.hours(day, "additional", "overtime")
    return Report(since, days, round(worked, _PRECISION), round(overtime, _PRECISION))


def has_base(sheet: Timesheet) -> bool:
    """Whether ordinary hours are known, from transactions or a schedule; without, all that is worked is extra."""
    return bool(sheet.scheduled) or _tells_worked(sheet)


def _tells_worked(sheet: Timesheet) -> bool:
    return any(e.meaning.use == "worked" for entries in sheet.entries.values() for e in entries)


def _present(sheet: Timesheet, day: date, day_hours: float | None) -> float:
    hours = sheet.scheduled.get(day, 0)
    return hours * (1 - absent(sheet, day, day_hours)) if hours else 0.0
