"""How a measure shall be evaluated is part of the plan: what is read, and every way to write it wrong."""

from datetime import date

import pytest

from services.alerts.domain.plan.plan import Evaluate, Length, digest
from services.alerts.domain.plan.reading import PlanRefused, read
from tests.unit.said import assert_in_both

PLAN = """\
plan: help
targets: [{id: t, metric: agency_share, breach: {above: 0.2}}]
measures:
  - id: mentor
    owner: head
    evaluate: {metric: leaver_rate, start: 2025-01-01, units: [a, b], before: 12m, after: 12m, smallest: 0.3}
"""
AT = "6:15: "


def but(old: str, new: str) -> str:
    """The plan with something in its evaluation written otherwise."""
    assert old in PLAN
    return PLAN.replace(old, new)


def test_what_is_left_out_is_usual():
    """Siblings are compared with, and nothing is washed in."""
    found = read(PLAN).measures["mentor"].evaluate
    usual = Length(0, "days")
    assert found == Evaluate(("leaver_rate",), None, date(2025, 1, 1), ("a", "b"), usual, 12, 12, (), 0.3)


def test_all_of_it_is_read():
    """Several metrics, the direction, wash-in and the units compared with."""
    whole = but(
        "metric: leaver_rate,",
        "metrics: [leaver_rate, incident_rate], expect: lower, wash_in: 8w, compare: [c, d],",
    )
    found = read(whole).measures["mentor"].evaluate
    assert found
    assert (found.metrics, found.expect) == (("leaver_rate", "incident_rate"), "lower")
    assert (found.wash_in, found.compare) == (Length(56, "days"), ("c", "d"))


def test_a_unit_evaluates_its_own_measure():
    """Of a measure that a unit has of its own nobody need say which unit carries it out."""
    own = """\
plan: help
targets: [{id: t, metric: agency_share, breach: {above: 0.2}}]
local:
  a:
    measures:
      - id: mentor
        owner: head
        evaluate: {metric: leaver_rate, start: 2025-01-01, before: 12m, after: 6m, wash_in: 3m, smallest: 0.3}
"""
    found = read(own).measures["mentor"].evaluate
    assert found
    assert (found.units, found.wash_in) == (("a",), Length(3, "months"))


def test_another_evaluation_is_another_version():
    """What is changed afterwards does not go by unseen."""
    assert digest(PLAN) != digest(but("after: 12m", "after: 18m"))


FAULTS = [
    ("metric: leaver_rate,", "", f'{AT}"evaluate" needs either "metric" or "metrics"'),
    ("metric: leaver_rate,", "metric: leaver_rat,", '6:24: unknown metric "leaver_rat"; did you mean "leaver_rate"?'),
    ("metric: leaver_rate,", "metrics: [],", '6:25: "metrics" needs at least one metric'),
    ("metric: leaver_rate,", "metric: incident_rate,", "incident_rate is neither better higher nor lower"),
    ("metric: leaver_rate,", "metric: stability,", "6:24: nothing can be evaluated by stability: each month's value"),
    ("metric: leaver_rate,", "metric: leaver_rate, expect: higher,", "leaver_rate is better the lower it is"),
    ("start: 2025-01-01, ", "", f'{AT}"evaluate" needs "start"'),
    ("before: 12m", "before: 365d", '"before" must be 1m to 60m, in whole months, not "365d"'),
    ("after: 12m", "after: 61m", '"after" must be 1m to 60m'),
    ("after: 12m", "after: 0m", '"after" must be 1m to 60m'),
    ("smallest: 0.3", "smallest: 30", '"smallest" is a share of the value before, between 0 and 1, not 30; did you'),
    ("smallest: 0.3", "smallest: 0", '"smallest" is a share of the value before, between 0 and 1, not 0'),
    ("smallest: 0.3", "smallest: 0.3, wash_in: 1y", '"wash_in" must be a duration such as 60d, 8w or 3m, not "1y"'),
    ("smallest: 0.3", "smallest: 0.3, wash_in: 25m", '"wash_in" can be 730d at most'),
    ("smallest: 0.3", "smallest: 0.3, compare: all", '"compare" must be siblings or a list of units, not "all"'),
    ("smallest: 0.3", "smallest: 0.3, compare: [a]", '"a" carries the measure out: it is no comparison'),
    ("smallest: 0.3", "smallest: 0.3, compare: []", '"compare" needs at least one unit'),
    ("smallest: 0.3", "smallest: 0.3, until: 2026-01-01", 'unknown key "until" in "evaluate"'),
]


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS, ids=[f[2][:60] for f in FAULTS])
def test_a_fault_says_where_and_what_was_meant(old: str, new: str, fault: str):
    """Each is found, with its line and column."""
    with pytest.raises(PlanRefused) as refused:
        read(but(old, new))
    assert any(fault in str(found) and found.line == 6 for found in refused.value.faults), refused.value
    assert_in_both(refused.value.faults)


def test_units_are_checked_once_some_are_known():
    """Those that carry it out and those compared with; before any value has come they are waited for."""
    plan = but("smallest: 0.3", "smallest: 0.3, compare: [c]")
    assert {"a", "b", "c"} <= read(plan).named
    with pytest.raises(PlanRefused) as refused:
        read(plan, ["a", "bb", "c"])
    assert [fault.message for fault in refused.value.faults] == ['unknown unit "b"; did you mean "bb"?']
    assert_in_both(refused.value.faults)
