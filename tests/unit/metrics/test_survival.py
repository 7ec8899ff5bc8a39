"""Of whom it is promised that they stay: joiners by referral, and trainees."""

import pytest

from cli.offline.computing.rows import Number
from services.metrics.domain.facts.measures import Measure, is_detail
from tests import builders as make
from tests.unit.metrics.folding import Folded, asked, changes, fold

REFERRAL = (Measure.starters_matured_referral, Measure.starters_survived_referral)
TRAINEE = (Measure.starters_matured_trainee, Measure.starters_survived_trainee)
DUE = "2024-01-01"
"""Day 365 after 2023-01-01."""


def joined(**terms: str) -> Folded:
    """Someone who joined on 2023-01-01 and stays."""
    return fold(make.employment_started("p", "2023-01-01", **terms))


def counted(folded: Folded, measures: tuple[Measure, Measure]) -> list[dict[str, float]]:
    """When first years are due, and when they are completed."""
    return [changes(folded, measure, "u1") for measure in measures]


@pytest.mark.parametrize(
    ("terms", "measures"),
    [
        ({"hired_from": "referral"}, REFERRAL),
        ({"hired_from": "trainee"}, TRAINEE),
        ({"grade": "trainee"}, TRAINEE),
        ({"grade": "trainee", "hired_from": "trainee"}, TRAINEE),
    ],
    ids=["by referral", "after a traineeship", "in the grade trainee", "both ways, once"],
)
def test_who_is_counted(terms: dict[str, str], measures: tuple[Measure, Measure]):
    """A year after joining the person counts once as due, and as completed."""
    assert counted(joined(**terms), measures) == [{DUE: 1}, {DUE: 1}]


def test_a_trainee_by_referral_counts_as_both():
    """One person can be promised to stay for two reasons."""
    folded = joined(grade="trainee", hired_from="referral")
    assert counted(folded, REFERRAL) == counted(folded, TRAINEE) == [{DUE: 1}, {DUE: 1}]


def test_others_are_not():
    """A regular joiner from outside or from an agency counts in neither."""
    for how in ("external", "agency"):
        assert counted(joined(hired_from=how), REFERRAL) == counted(joined(hired_from=how), TRAINEE) == [{}, {}]


def test_who_leaves_within_the_year_is_due_and_not_completed():
    """A stay that ends before day 365 is due all the same."""
    folded = fold(
        make.employment_started("p", "2023-01-01", hired_from="referral"), make.employment_ended("p", "2023-12-30")
    )
    assert counted(folded, REFERRAL) == [{DUE: 1}, {}]


def test_grade_of_the_first_day_decides():
    """A trainee who becomes regular is still one of those who joined as trainees."""
    folded = fold(
        make.employment_started("p", "2023-01-01", grade="trainee"),
        make.employment_changed("p", "2023-06-01", grade="regular"),
    )
    assert counted(folded, TRAINEE) == [{DUE: 1}, {DUE: 1}]


def survival(on: str) -> Number:
    """The survival of four by referral of whom one left, as of a day."""
    joiners = [make.employment_started(f"p{n}", "2023-01-01", hired_from="referral") for n in range(4)]
    row = asked(fold(*joiners, make.employment_ended("p0", "2023-07-01")), on)["u1", "*"]
    return row.metrics["referral_survival"]


def test_survival():
    """Three of four are still here, with Clopper and Pearson's interval, for as long as the window reaches back."""
    found = survival("2024-12-30")
    assert (found.value, found.numerator, found.denominator, found.status) == (0.75, 3, 4, "low_reliability")
    assert (found.low, found.high) == pytest.approx((0.194120, 0.993691), abs=1e-6)
    assert survival("2024-12-31").status == "not_applicable"


def test_details_are_not_among_the_measures():
    """What serves these metrics alone is not shown when measures are."""
    row = asked(joined(hired_from="referral"), DUE, with_measures=True)["u1", "*"]
    assert row.measures is not None
    assert "starters_matured" in row.measures
    assert not row.measures.keys() & {measure.name for measure in Measure if is_detail(measure)}
