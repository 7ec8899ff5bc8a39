"""What caseload reports contribute, worked out by hand."""

from services.metrics.domain.facts.measures import Measure
from tests import builders as make
from tests.unit.metrics.folding import changes, fold, fold_batches, level

EMPLOYED = make.employment_started("p", "2024-01-01")


def test_holds_until_the_next_report():
    """A report holds until the day before the next."""
    folded = fold(
        EMPLOYED, make.caseload_reported("p", "2024-02-01", 20), make.caseload_reported("p", "2024-03-01", 14)
    )
    assert changes(folded, Measure.open_cases) == {"2024-02-01": 20, "2024-03-01": -6}


def test_ends_with_the_employment():
    """Who has left has no cases."""
    folded = fold(EMPLOYED, make.employment_ended("p", "2024-02-29"), make.caseload_reported("p", "2024-02-01", 20))
    assert changes(folded, Measure.open_cases) == {"2024-02-01": 20, "2024-03-01": -20}


def test_waits_for_the_employment():
    """A report from before the first day holds from the first day."""
    assert changes(fold(EMPLOYED, make.caseload_reported("p", "2023-12-01", 9)), Measure.open_cases) == {
        "2024-01-01": 9
    }


def test_two_reports_of_one_day():
    """The last recorded holds."""
    late = make.caseload_reported("p", "2024-02-01", 5, time="2024-02-02T08:00:00Z")
    early = make.caseload_reported("p", "2024-02-01", 8, time="2024-02-01T08:00:00Z")
    assert changes(fold_batches([[EMPLOYED, late], [early]]), Measure.open_cases) == {"2024-02-01": 5}


def test_a_report_between_two():
    """One that arrives late takes only its own days."""
    others = [make.caseload_reported("p", "2024-02-01", 20), make.caseload_reported("p", "2024-04-01", 10)]
    folded = fold_batches([[EMPLOYED, *others], [make.caseload_reported("p", "2024-03-01", 15)]])
    assert changes(folded, Measure.open_cases) == {"2024-02-01": 20, "2024-03-01": -5, "2024-04-01": -5}


def test_points_only_where_reported():
    """A report without points ends the points of the one before."""
    folded = fold(
        EMPLOYED,
        make.caseload_reported("p", "2024-02-01", 20, points=150.5),
        make.caseload_reported("p", "2024-03-01", 20),
    )
    assert changes(folded, Measure.case_points) == {"2024-02-01": 150.5, "2024-03-01": -150.5}
    assert changes(folded, Measure.open_cases) == {"2024-02-01": 20}


def test_follows_the_employee():
    """Cases are counted where the main employment is that day."""
    moved = make.employment_changed("p", "2024-03-01", unit="u2")
    folded = fold(EMPLOYED, moved, make.caseload_reported("p", "2024-02-01", 12))
    assert changes(folded, Measure.open_cases, "u1") == {"2024-02-01": 12, "2024-03-01": -12}
    assert level(folded, Measure.open_cases, "2024-03-01", "u2") == 12


def test_a_late_report_beside_a_repeat_of_a_later_one():
    """A repeat that arrives in the same batch does not make the late report hold longer."""
    june, august, november, april = (
        make.caseload_reported("p", day, cases)
        for day, cases in (("2024-06-01", 11), ("2024-08-01", 15), ("2024-11-01", 39), ("2025-04-01", 18))
    )
    folded = fold_batches([[EMPLOYED, june, november, april], [april, august]])
    assert folded.facts == fold(EMPLOYED, june, august, november, april).facts
