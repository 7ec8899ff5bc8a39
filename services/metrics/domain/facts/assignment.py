"""What assignments contribute: agency and pool staff in full-time equivalents, and students."""

from collections.abc import Sequence

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.entry import ReadEntry
from services.metrics.domain.facts.interval import fold
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import Tally, millionths
from shared.contracts.events import AssignmentChanged, AssignmentEnded, AssignmentStarted


def contribute(told: Sequence[ReadEntry], tally: Tally) -> None:
    """One assignment over its days."""
    interval, anomalies = fold(told, AssignmentStarted, AssignmentChanged, AssignmentEnded)
    for kind, count in anomalies.items():
        tally.anomaly(kind, count)
    for first, last, terms in interval.pieces if interval else ():
        at, fte = Cell(terms.unit, terms.occupation), millionths(terms.fte)
        tally.span(at, Measure.led_besides, first, last)
        if terms.kind == "student":
            tally.span(at, Measure.students, first, last)
        elif terms.kind == "pool":
            tally.span(at, Measure.pool_fte, first, last, fte)
        else:
            tally.span(at, Measure.agency_fte, first, last, fte)
            if terms.covers:
                tally.span(at, Measure.agency_cover_fte, first, last, fte)
