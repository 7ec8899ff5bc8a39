"""What vacancies contribute: open ones with their fte and opening day, and how long filled ones took."""

from collections.abc import Sequence

from services.metrics.domain.facts.cell import FOREVER, Cell
from services.metrics.domain.facts.entry import ReadEntry, day, restatements, split
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE, Tally, millionths
from shared.contracts.events import VacancyClosed, VacancyOpened


def contribute(told: Sequence[ReadEntry], tally: Tally) -> None:
    """One vacancy; it is open from its opening to the day before it closes."""
    opened, closed = split(told, VacancyOpened, VacancyClosed)
    tally.anomaly("restated", restatements(opened) + restatements(closed))
    if not opened:
        tally.anomaly("end_without_start", len(closed))
        return
    vacancy, end = opened[-1].data, closed[-1].data if closed else None
    first, after = day(vacancy.effective), day(end.effective) if end else FOREVER + 1
    if after < first:
        tally.anomaly("end_before_start")
        return
    at = Cell(vacancy.unit, vacancy.occupation)
    tally.span(at, Measure.vacant_fte, first, after - 1, millionths(vacancy.fte))
    tally.span(at, Measure.vacancies, first, after - 1)
    tally.span(at, Measure.vacancy_open_day, first, after - 1, first * ONE)
    if end and end.outcome == "filled":
        tally.point(at, Measure.vacancies_filled, after)
        tally.point(at, Measure.vacancy_days_filled, after, (after - first) * ONE)
