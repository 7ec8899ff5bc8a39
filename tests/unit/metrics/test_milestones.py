"""What milestones contribute, worked out by hand."""

import pytest

from services.metrics.domain.facts.measures import Measure
from tests import builders as make
from tests.unit.metrics.folding import changes, fold, fold_batches, named

EMPLOYED = make.employment_started("p", "2024-01-01")


@pytest.mark.parametrize(
    ("milestone", "in_time", "late", "measure", "counted"),
    [
        (
            "introduction_completed",
            "2024-03-31",
            "2024-04-01",
            Measure.introduction_done,
            {"2024-04-01": 1, "2025-04-01": -1},
        ),
        ("mentor_assigned", "2024-01-15", "2024-01-16", Measure.mentor_done, {"2024-01-16": 1, "2025-01-15": -1}),
    ],
)
def test_done_in_time(milestone: str, in_time: str, late: str, measure: Measure, counted: dict[str, float]):
    """Reached by the last day it counts as done on the days it is due; a day late it never does."""
    assert changes(fold(EMPLOYED, make.milestone_reached("p", milestone, in_time)), measure) == counted
    assert measure.name not in named(fold(EMPLOYED, make.milestone_reached("p", milestone, late)))


def test_done_twice_counts_once():
    """A second introduction adds nothing."""
    twice = [make.milestone_reached("p", "introduction_completed", day) for day in ("2024-02-01", "2024-02-15")]
    folded = fold_batches([[EMPLOYED], *([one] for one in twice)])
    assert changes(folded, Measure.introduction_done) == {"2024-04-01": 1, "2025-04-01": -1}


def test_done_before_a_stay_does_not_count():
    """An introduction before the first day is none of this stay."""
    early = make.milestone_reached("p", "introduction_completed", "2023-12-31")
    assert "introduction_done" not in named(fold(EMPLOYED, early))


def test_check_in_is_current_for_sixty_days():
    """A check-in is current on its day and the 59 after it."""
    folded = fold(EMPLOYED, make.milestone_reached("p", "check_in_held", "2024-06-01"))
    assert changes(folded, Measure.check_in_current) == {"2024-06-01": 1, "2024-07-31": -1}


def test_check_in_before_one_is_due():
    """An early check-in counts once check-ins are due, for what is left of its days."""
    folded = fold(EMPLOYED, make.milestone_reached("p", "check_in_held", "2024-01-20"))
    assert changes(folded, Measure.check_in_current) == {"2024-03-01": 1, "2024-03-20": -1}


def test_check_ins_that_overlap_count_once():
    """Two check-ins within sixty days cover the days of both."""
    held = [make.milestone_reached("p", "check_in_held", day) for day in ("2024-06-01", "2024-07-01")]
    folded = fold_batches([[EMPLOYED, held[1]], [held[0]]])
    assert changes(folded, Measure.check_in_current) == {"2024-06-01": 1, "2024-08-30": -1}


def test_milestones_without_a_measure():
    """An introduction begun and an exit interview count nowhere."""
    reached = [
        make.milestone_reached("p", name, "2024-01-10") for name in ("introduction_started", "exit_interview_held")
    ]
    assert fold(EMPLOYED, *reached).facts == fold(EMPLOYED).facts
