"""Reports that stand alone and come in order: taken into a record in hand without a fold of their own.

Most events are such. What one contributes follows from the career and from the report before it, so it is kept aside
to be laid over careers for many people at once. Whatever else comes later finds it in the record like any other.
"""

from collections.abc import Callable, Mapping, Sequence

from services.metrics.domain.facts.career import Career
from services.metrics.domain.facts.cell import FOREVER
from services.metrics.domain.facts.employment import CHECK_IN_AFTER
from services.metrics.domain.facts.entry import ReadEntry, day
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.milestones import CURRENT, reach
from services.metrics.domain.facts.tally import millionths
from services.metrics.domain.record import room
from services.metrics.domain.record.changes.time_reports import CAP, overtime_by_year
from services.metrics.domain.record.over_careers import OverCareers
from services.metrics.domain.record.record import OVERTIME, Row, Section
from services.metrics.domain.record.working import Working
from shared.contracts.event_types import CASELOAD_REPORTED, MILESTONE_REACHED, TIME_REPORTED
from shared.contracts.events import CaseloadReported, TimeReported


class Plain:
    """What is plain of the events of one record."""

    def __init__(self, work: Working, over: OverCareers) -> None:
        """``work`` is what is in hand of the record, ``over`` collects what the events contribute."""
        self._work, self._over = work, over
        self._career = Career()
        self._is_by_hour = False

    def take(self, arrivals: Sequence[ReadEntry], known: int) -> list[ReadEntry]:
        """Take in what is plain, known since a day by number; what is left has to be folded."""
        if len(self._work.identities.rows) + 2 * len(arrivals) > room.EVENTS:
            return list(arrivals)
        career = self._work.career()
        if career is not self._career:
            self._career = career
            self._is_by_hour = any(stretch.form == "hourly" for stretch in career.stretches)
        return [t for t in arrivals if self._is_by_hour or not self._takes(t, known)]

    def _takes(self, t: ReadEntry, known: int) -> bool:
        entry = t.entry
        contribute = KINDS.get(entry.type)
        if contribute is None or entry.corrects or entry.key in self._work.identities.rows:
            return False
        if not contribute(self, t, known):
            return False
        row = Row(at=entry.at, id=entry.id, type=entry.type, raw=entry.raw)
        self._work.identities.rows[entry.key] = row
        self._work.identities.before.add(entry.key)
        return True

    def hours(self, t: ReadEntry, known: int) -> bool:
        """Unless a year's overtime may pass the limit: then all reports of the year are looked at."""
        report: TimeReported = t.data
        changes = {f"{OVERTIME}{year}": some for year, some in overtime_by_year([(report, 1)]).items()}
        total = {part: self._work.overtime.get(part, 0) + some for part, some in changes.items()}
        if any(some > CAP for some in total.values()):
            return False
        self._work.overtime.update(total)
        self._work.spans[Section.hours][t.entry.key] = day(report.first), day(report.last)
        self._over.hours(known, self._career, report)
        return True

    def caseload(self, t: ReadEntry, known: int) -> bool:
        """If it is later than every other: then the last one held until the day before."""
        spans, first = self._work.spans[Section.caseload], day(t.data.effective)
        last = next((key for key, (_, hi) in reversed(spans.items()) if hi == FOREVER), None)
        if (last is None and spans) or (last and spans[last][0] >= first):
            return False
        now = _amounts(t.data)
        if last:
            before = _amounts(self._work.event(last).data)
            now = {measure: amount - before[measure] for measure, amount in now.items()}
            spans[last] = spans[last][0], first - 1
        spans[t.entry.key] = first, FOREVER
        for measure, amount in now.items():
            if amount:
                self._over.level(known, self._career, (first, FOREVER), measure, amount)
        return True

    def check_in(self, t: ReadEntry, known: int) -> bool:
        """If it is a check-in later than every other: it counts on the days that none counted on before."""
        on, spans = day(t.data.effective), self._work.spans[Section.milestone]
        others = [hi for key, (_, hi) in spans.items() if self._work.event(key).data.milestone == CHECK_IN]
        covered = max(others, default=0)
        if t.data.milestone != CHECK_IN or covered >= on + CURRENT - 1:
            return False
        for stay in self._career.stays:
            days = max(on, covered + 1, stay.first + CHECK_IN_AFTER), min(on + CURRENT - 1, stay.last)
            if days[0] <= days[1]:
                self._over.level_while_permanent(known, self._career, days, Measure.check_in_current)
        spans[t.entry.key] = reach(t.data) or (0, 0)
        return True


CHECK_IN = "check_in_held"
KINDS: Mapping[str, Callable[[Plain, ReadEntry, int], bool]] = {
    TIME_REPORTED: Plain.hours,
    CASELOAD_REPORTED: Plain.caseload,
    MILESTONE_REACHED: Plain.check_in,
}


def _amounts(report: CaseloadReported) -> dict[int, int]:
    return {Measure.open_cases: millionths(report.open_cases), Measure.case_points: millionths(report.points or 0)}
