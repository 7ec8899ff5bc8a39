"""What a unit's own reports contribute: incidents, pulse surveys, cost and handovers; each stands alone."""

from services.metrics.domain.facts.cell import UNKNOWN, Cell
from services.metrics.domain.facts.entry import day
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE, Tally, millionths
from shared.contracts.events import CostReported, Data, HandoverReported, IncidentReported, PulseReported

KINDS = {"threat": Measure.threats, "violence": Measure.violence}
"""Kinds of incidents that are counted by themselves too."""


def contribute(unit: str, report: Data, tally: Tally) -> None:
    """One report of a unit."""
    match report:
        case IncidentReported():
            _incident(unit, report, tally)
        case PulseReported():
            _pulse(unit, report, tally)
        case CostReported():
            _cost(unit, report, tally)
        case HandoverReported():
            at = Cell(unit, report.occupation or UNKNOWN)
            tally.point(at, Measure.handovers, day(report.effective), report.cases * ONE)


def _incident(unit: str, report: IncidentReported, tally: Tally) -> None:
    at, on = Cell(unit, report.occupation or UNKNOWN), day(report.effective)
    tally.point(at, Measure.incidents, on)
    if kind := KINDS.get(report.kind):
        tally.point(at, kind, on)
    if report.serious:
        tally.point(at, Measure.serious_incidents, on)


def _pulse(unit: str, report: PulseReported, tally: Tally) -> None:
    at, on = Cell(unit, UNKNOWN), day(report.effective)
    tally.point(at, Measure.pulse_answers, on, report.answers * ONE)
    tally.point(at, Measure.pulse_invited, on, report.invited * ONE)
    tally.point(at, Measure.pulse_score, on, millionths(report.score_sum))
    tally.point(at, Measure.pulse_negative, on, report.negative * ONE)
    if report.invited:
        tally.point(at, Measure.pulses, on)


def _cost(unit: str, report: CostReported, tally: Tally) -> None:
    at, first, last = Cell(unit, UNKNOWN), day(report.first), day(report.last)
    days = last - first + 1
    tally.span(at, Measure.personnel_cost, first, last, millionths(report.personnel_cost / days))
    tally.span(at, Measure.agency_cost, first, last, millionths(report.agency_cost / days))
