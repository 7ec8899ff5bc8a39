"""The yearly pay report, from event logs instead of the database of the metrics service."""

from datetime import date

from services.metrics.domain.coverage.coverage import Coverage
from services.metrics.domain.record.memory import Memory
from services.metrics.domain.record.record import JOB
from services.metrics.domain.record.working import employments
from services.metrics.domain.reports.pay_gap import report
from services.metrics.domain.reports.workers import check, days, workforce
from shared.contracts.pay_gap import PayGapReport


def disclose(memory: Memory, year: int, today: date, coverage: Coverage | None = None) -> PayGapReport:
    """The report of a year that is over, from all records and who tells since when; raises PayGapError."""
    first, last = days(year, today)
    jobs = ((subject.partition("/")[2], rows[JOB]) for subject, rows in memory.rows.items() if JOB in rows)
    found = workforce(((ref, employments(job)) for ref, job in jobs), first, last)
    check(found, year, coverage)
    return report(year, found)
