"""Time reports before and after; a year's are looked at together only when its overtime may pass the limit."""

from collections.abc import Generator, Iterable
from datetime import date

from services.metrics.domain.facts import hours
from services.metrics.domain.facts.cell import FOREVER
from services.metrics.domain.facts.entry import day
from services.metrics.domain.facts.tally import ONE, Tally, millionths
from services.metrics.domain.record.changes.employments import Shift
from services.metrics.domain.record.record import OVERTIME, Section, Stored
from services.metrics.domain.record.working import Loading, Need, Working
from shared.contracts.event_types import TIME_REPORTED
from shared.contracts.events import TimeReported

CAP = hours.CAP_HOURS * ONE


def change(work: Working, shift: Shift, tally: Tally) -> Loading:
    """Diff the reports that changed, and those that lean on a career that moved."""
    if shift.moved:
        yield from work.ranges([(Section.hours, shift.since, FOREVER)])
        yield from work.ranges([(Section.overtime, min(shift.since, _first_in_hand(work)), FOREVER)])
    years = yield from _years_past_limit(work)
    if years:
        yield from work.ranges((Section.hours, *_days(year)) for year in sorted(years))
    for sign, career, before in ((-1, shift.old, True), (1, shift.new, False)):
        tally.sign = sign
        reports = [t.data for t in work.alone(TIME_REPORTED, before=before)]
        hours.contribute(career.stretches, reports, tally)
        for year, some in _of_years(reports, years).items():
            hours.contribute_capped(career.stretches, some, year, tally)
    for t in work.flipped(TIME_REPORTED):
        work.move(t.entry.key, Section.hours, day(t.data.first), day(t.data.last))


def _first_in_hand(work: Working) -> int:
    """The first day of the reports in hand: all days of one tell of its hours on each."""
    stored = work.spans[Section.hours]
    return min((stored[key][0] for key, _ in work.in_hand(TIME_REPORTED) if key in stored), default=FOREVER)


def _years_past_limit(work: Working) -> Generator[Need, list[Stored], set[int]]:
    """The years in hand whose overtime passes the limit before or after, if all of each report falls in each year."""
    changes = overtime_by_year(
        (t.data, 1 if work.identities.rows[t.entry.key].alive else -1) for t in work.flipped(TIME_REPORTED)
    )
    if changes:
        yield from work.keys(f"{OVERTIME}{year}" for year in changes)
    past = {int(part.removeprefix(OVERTIME)) for part, total in work.overtime.items() if total > CAP}
    for year, amount in changes.items():
        part = f"{OVERTIME}{year}"
        work.overtime[part] = work.overtime.get(part, 0) + amount
        work.move(part, Section.overtime, *_days(year))
        if work.overtime[part] > CAP:
            past.add(year)
    return past


def _of_years(reports: Iterable[TimeReported], years: set[int]) -> dict[int, list[TimeReported]]:
    """The reports of overtime that have days in each of some years, in their order."""
    found: dict[int, list[TimeReported]] = {year: [] for year in years}
    for report in reports if years else ():
        if report.overtime_hours:
            for year in years.intersection(range(report.first.year, report.last.year + 1)):
                found[year].append(report)
    return found


def overtime_by_year(reports: Iterable[tuple[TimeReported, int]]) -> dict[int, int]:
    """At most so much overtime of reports is in each year, in millionths of hours; a sign says what is taken back."""
    totals: dict[int, int] = {}
    for report, sign in reports:
        if not report.overtime_hours:
            continue
        for year in range(report.first.year, report.last.year + 1):
            totals[year] = totals.get(year, 0) + sign * (millionths(report.overtime_hours) + 1)
    return totals


def _days(year: int) -> tuple[int, int]:
    return date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
