"""What an evaluation could show, before it begins."""

from pathlib import Path

import pytest

from services.alerts.domain.evaluation.colliding import as_named, colliding, places_of
from services.alerts.domain.evaluation.foresight import Foresight, foresight
from services.alerts.domain.plan.reading import read
from shared.contracts.catalogue import BY_NAME
from shared.contracts.metrics import MetricValue
from tests.unit.alerts.evaluating import asked

LEAVERS, OWN_REQUEST = BY_NAME["leaver_rate"], BY_NAME["leaver_rate_own_request"]
READY_MADE = Path(__file__).parents[3] / "deploy" / "plans" / "socialsekreterare.yaml"


def years(events: float, people: float) -> list[MetricValue]:
    """Two years of weekly values, each of a year."""
    value = MetricValue(
        status="final", definition="d", value=events / people, numerator=float(events), denominator=people
    )
    return [value] * 105


def foreseen(events: float, people: float, before: int, after: int, beside: int = 0) -> Foresight:
    """Of one unit, with so many like it beside."""
    question = asked(before=before, after=after, smallest=0.5).evaluate
    found = foresight(question, LEAVERS, [years(events, people)], [years(events, people)] * beside)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("staff", "before", "after", "seen"),
    [(40, 12, 6, None), (40, 24, 12, 0.05), (80, 12, 6, 0.05), (150, 24, 12, 0.4), (600, 36, 12, 0.7)],
)
def test_what_would_be_seen_alone(staff: int, before: int, after: int, seen: float | None):
    """With 40 staff, one year before and six months after, not even a fall to nothing would show."""
    assert foreseen(0.2 * staff, staff, before, after).seen == seen


def test_how_long_to_wait():
    """300 people, a year before: six months do not show a halving, nine do."""
    found = foreseen(60, 300, 12, 6)
    assert not found.worth
    assert found.months in {9, 12}
    assert foreseen(60, 300, 12, found.months or 0).worth


def test_no_wait_is_long_enough():
    """Of 20 people a year before is too little, however long one waits."""
    assert foreseen(4, 20, 12, 6).months is None


def test_units_beside_have_to_be_outdone():
    """Compared with nineteen others less is seen than alone: none of them may change as much by chance."""
    alone, compared = (foreseen(60, 300, 12, 12, beside).seen or 0.0 for beside in (0, 19))
    assert alone > compared > 0


def test_what_the_plan_to_copy_asks_can_be_answered():
    """In the municipality that its comment speaks of, the change it holds worth having is seen; nothing collides."""
    plan = read(READY_MADE.read_text("utf-8"))
    places = places_of(plan, as_named(plan))
    assert set(places) == {"mentor"}
    assert list(colliding(plan, places)) == []
    question = plan.measures["mentor"].evaluate
    assert question
    large, small = (foresight(question, OWN_REQUEST, [years(*of)], []) for of in ((106, 1166), (53, 575)))
    assert large
    assert small
    assert (large.worth, small.worth) == (True, False)


def test_nothing_known():
    """Where it never happened, or is hidden, nothing is foreseen."""
    question = asked().evaluate
    assert foresight(question, LEAVERS, [years(0, 40)], []) is None
    assert foresight(question, LEAVERS, [[]], []) is None
