"""What a chart holds, before it is drawn."""

from datetime import date

import pytest

from cli.offline.charting.document import Special
from shared.contracts.metrics import MetricValue
from tests.unit.cli.charting.drawing import ABSENT, HIDDEN, LOW_THEN_HIGH, UNEVEN, chart, value


def test_a_point_is_a_month_with_its_value():
    """The value comes with what it is made of, over the days of its month alone."""
    point = chart([0.04, 0.06]).points[1]
    assert (point.month, point.as_of, point.window_days) == ("2023-02", date(2023, 2, 28), 28)
    assert (point.status, point.value, point.numerator, point.denominator) == ("final", 0.06, 3, 50)


def test_a_special_point_says_which_rules_it_fulfils():
    """All of them; and of the one that says most, which way it goes and whether that is good."""
    points = chart(LOW_THEN_HIGH).points
    assert points[-1].special == Special("outside", "up", "concern")
    assert points[-1].causes == ("outside", "shift")
    assert points[0].special == Special("shift", "down", "improvement")


def test_an_ordinary_point_is_not_special():
    """Nothing is said of it."""
    assert {(point.special, point.causes) for point in chart(UNEVEN).points} == {(None, ())}


@pytest.mark.parametrize("gap", [HIDDEN, ABSENT])
def test_a_month_without_a_value_is_a_gap(gap: MetricValue):
    """It keeps its place and its status, has no number and ends a run: 6 high months and 6 are not 7."""
    points = chart([0.03, 0.02] * 6 + [0.09, 0.08] * 3 + [gap] + [0.09, 0.08] * 3).points
    assert (points[18].status, points[18].value, points[18].special) == (gap.status, None, None)
    assert [point.month for point in points if "shift" in point.causes] == [f"2023-{m:02}" for m in range(1, 13)]


def test_phases_are_told_by_their_months():
    """The months before the plan, and those from its first whole one on, judged by the limits of before."""
    before, after = chart(LOW_THEN_HIGH, date(2024, 6, 15)).phases
    assert (before.first, before.last, before.plan_start, before.values) == ("2023-01", "2024-06", None, 18)
    assert (after.first, after.last, after.plan_start, after.values) == ("2024-07", "2025-02", date(2024, 6, 15), 8)
    assert (before.carried, after.carried, after.drawn_from, after.on_trial) == (False, True, 18, False)
    assert after.limits == before.limits


def test_what_is_known_since_a_start_is_told():
    """With its day, and whether it is good for the metric."""
    [since] = chart(LOW_THEN_HIGH, date(2024, 6, 15)).since
    assert (since.plan_start, since.reading) == (date(2024, 6, 15), "concern")
    assert (since.verdict.kind, since.verdict.before.known, since.verdict.after.known) == ("shift", 18, 8)
    assert (since.verdict.before.mean, since.verdict.after.mean) == pytest.approx((0.025, 0.085))


def test_limits_drawn_anew_are_of_the_months_since():
    """Fourteen months that are all high are what is usual now."""
    found = chart([*LOW_THEN_HIGH, *[0.09, 0.08] * 3], date(2024, 6, 15))
    assert (found.phases[1].carried, found.phases[1].drawn_from, found.since[0].verdict.redrawn) == (False, 14, True)
    assert found.phases[1].limits
    assert found.phases[1].limits.mean == pytest.approx(0.085)


def test_limits_are_cut_at_what_can_be_only_where_they_are_drawn():
    """0.5 ± 2.66 × 0.8 is what it is, and is drawn from 0 to 1."""
    limits = chart([0.1, 0.9] * 6).phases[0].limits
    assert limits
    assert (limits.lower, limits.upper) == pytest.approx((0.5 - 2.128, 0.5 + 2.128))
    assert (limits.shown_lower, limits.shown_upper) == (0, 1)


def test_what_is_no_share_is_not_cut_above():
    """A caseload has no highest value."""
    limits = chart([10, 30] * 6, metric="caseload").phases[0].limits
    assert limits
    assert limits.shown_lower == 0
    assert limits.shown_upper == limits.upper


def test_what_may_be_negative_is_not_cut_below():
    """A need of fewer posts than there are is a value."""
    limits = chart([value(-1.0), value(1.0)] * 6, metric="staffing_need_fte").phases[0].limits
    assert limits
    assert limits.shown_lower == limits.lower
