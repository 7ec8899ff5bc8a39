"""What a unit's own reports contribute, worked out by hand."""

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import Measure
from tests import builders as make
from tests.unit.metrics.folding import cells, changes, fold, named


def test_incidents():
    """Each incident counts on its day, a serious one also as such, by occupation where told."""
    folded = fold(
        make.incident_reported("u1", "2024-02-01", occupation="socialsekreterare"),
        make.incident_reported("u1", "2024-02-01", "violence", serious=True),
    )
    assert changes(folded, Measure.incidents) == {"2024-02-01": 2}
    assert changes(folded, Measure.serious_incidents) == {"2024-02-01": 1}
    assert cells(folded, Measure.incidents) == {Cell("u1", "socialsekreterare"), Cell("u1", "unknown")}


def test_pulse():
    """A survey counts with its sums on its day."""
    pulse = {"effective": "2024-02-01", "index": "hme", "invited": 20, "answers": 15, "score_sum": 930.5, "negative": 3}
    folded = fold(make.event("hr.pulse.reported.v1", "unit/u1", dict(pulse)))
    amounts = {
        m.name: changes(folded, m)
        for m in (Measure.pulse_invited, Measure.pulse_answers, Measure.pulse_score, Measure.pulse_negative)
    }
    assert amounts == {
        "pulse_invited": {"2024-02-01": 20},
        "pulse_answers": {"2024-02-01": 15},
        "pulse_score": {"2024-02-01": 930.5},
        "pulse_negative": {"2024-02-01": 3},
    }


def test_cost_is_spread_over_its_days():
    """Cost counts evenly from the first to the last day."""
    cost = {"from": "2024-02-01", "to": "2024-02-29", "personnel_cost": 290_000, "agency_cost": 29_000}
    folded = fold(make.event("hr.cost.reported.v1", "unit/u1", dict(cost)))
    assert changes(folded, Measure.personnel_cost) == {"2024-02-01": 10_000, "2024-03-01": -10_000}
    assert changes(folded, Measure.agency_cost) == {"2024-02-01": 1_000, "2024-03-01": -1_000}


def test_handovers():
    """Cases that changed hands count on the day."""
    report: dict[str, object] = {"effective": "2024-02-01", "cases": 7}
    folded = fold(make.event("hr.handover.reported.v1", "unit/u1", report))
    assert changes(folded, Measure.handovers) == {"2024-02-01": 7}


def test_retracted_report():
    """A report that never happened contributes nothing."""
    report = make.incident_reported("u1", "2024-02-01")
    assert fold(report, make.retracted(report)).facts == {}


def test_definitions_contribute_nothing():
    """Naming, placing and closing a unit moves no number."""
    assert named(fold(make.unit_defined("u1", parent="d"), make.unit_closed("u1", "2024-12-31"))) == set()
