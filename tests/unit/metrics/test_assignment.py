"""What consultants, the pool and students contribute, worked out by hand."""

import pytest

from services.metrics.domain.facts.measures import Measure
from tests import builders as make
from tests.unit.metrics.folding import changes, fold, named


def test_agency_staff():
    """A consultant counts by fte from the first to the last day, is led, and is in no stock of employees."""
    folded = fold(make.assignment_started("k", "2024-01-01", fte=0.5), make.assignment_ended("k", "2024-01-31"))
    assert changes(folded, Measure.agency_fte) == {"2024-01-01": 0.5, "2024-02-01": -0.5}
    assert changes(folded, Measure.led_besides) == {"2024-01-01": 1, "2024-02-01": -1}
    assert named(folded) == {"agency_fte", "led_besides"}


def test_agency_staff_on_a_vacancy():
    """A consultant covers a vacancy from the day the assignment says so."""
    folded = fold(make.assignment_started("k", "2024-01-01"), make.assignment_changed("k", "2024-02-01", covers="v"))
    assert changes(folded, Measure.agency_cover_fte) == {"2024-02-01": 1}


@pytest.mark.parametrize(
    ("kind", "measure", "amount"), [("pool", Measure.pool_fte, 0.5), ("student", Measure.students, 1)]
)
def test_pool_and_students(kind: str, measure: Measure, amount: float):
    """The pool counts by fte, students by head, neither as agency staff; both are led."""
    folded = fold(make.assignment_started("k", "2024-01-01", kind=kind, fte=0.5, covers="v"))
    assert changes(folded, measure) == {"2024-01-01": amount}
    assert changes(folded, Measure.led_besides) == {"2024-01-01": 1}
    assert named(folded) == {measure.name, "led_besides"}


def test_assignment_that_moves():
    """A change of unit and fte takes effect on its day."""
    folded = fold(
        make.assignment_started("k", "2024-01-01"), make.assignment_changed("k", "2024-02-01", unit="u2", fte=0.5)
    )
    assert changes(folded, Measure.agency_fte, "u1") == {"2024-01-01": 1, "2024-02-01": -1}
    assert changes(folded, Measure.agency_fte, "u2") == {"2024-02-01": 0.5}


def test_assignment_never_started():
    """Its end contributes nothing and is counted."""
    folded = fold(make.assignment_ended("k", "2024-01-31"))
    assert (folded.facts, folded.anomalies) == ({}, {"end_without_start": 1})
