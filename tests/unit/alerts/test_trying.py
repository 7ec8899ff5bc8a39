"""A target tried with another limit: what moves with it, what stays, and what somebody may write."""

import pytest

from services.alerts.domain.backtest.trying import PointlessError, UnreadableError, alone, days_of, limit_of, moved
from services.alerts.domain.plan.bounds import pointless
from services.alerts.domain.plan.plan import Limit
from services.alerts.domain.plan.reading import read
from shared.contracts.catalogue import BY_NAME

PLAN = read("""
plan: p
scope: {units: [d]}
recipients: {hr: {email: hr@kommun.example}}
targets:
  - {id: rate, metric: leaver_rate, breach: {above: 0.12}, clear: {below: 0.1}, hold: 7d, require_confirmation: true,
     notify: [hr]}
  - {id: vacant, metric: vacancy_rate, breach: {above: 0.05}, notify: [hr]}
local:
  u1:
    targets:
      rate: {breach: {above: 0.2}}
  u2:
    targets:
      vacant: {breach: {above: 0.3}}
""")
RATE, VACANT = PLAN.targets["rate"], PLAN.targets["vacant"]


def test_the_end_of_an_alert_moves_as_far():
    """The rest of the target stays as it is; chance is ruled out only where it can be told."""
    found = moved(RATE, Limit("above", 0.12), 0.15, 3, confirmation=False)
    assert (found.breach, found.clear, found.hold) == (Limit("above", 0.15), Limit("below", 0.13), 3)
    assert (found.require_confirmation, found.clear_hold, found.notify) == (False, RATE.clear_hold, RATE.notify)
    other = moved(VACANT, Limit("above", 0.05), 0.1, 0, confirmation=True)
    assert (other.clear, other.require_confirmation) == (None, False)


def test_one_target_alone_keeps_what_units_adapted():
    """Of itself, and of no other."""
    found = alone(PLAN, moved(RATE, Limit("above", 0.12), 0.15, 3, confirmation=False))
    assert [*found.targets] == ["rate"]
    assert found.target("rate", ("u1", "d", "*")).breach.value == 0.2
    assert found.target("rate", ("u2", "d", "*")).breach.value == 0.15
    assert [*found.local] == ["u1"]


@pytest.mark.parametrize(
    ("written", "read_as"), [("12,5", 0.125), (" 12.5 % ", 0.125), ("0", 0.0), ("12\N{NO-BREAK SPACE}%", 0.12)]
)
def test_a_share_is_written_in_per_cent(written: str, read_as: float):
    """With a comma or a point, with the sign or without."""
    assert limit_of(written, RATE, RATE.breach) == read_as


@pytest.mark.parametrize("written", ["", "x", "nan", "inf", "1,2,3", "%", "1e999"])
def test_what_is_no_number_is_no_limit(written: str):
    """Whatever else stands there."""
    with pytest.raises(UnreadableError):
        limit_of(written, RATE, RATE.breach)


@pytest.mark.parametrize("written", ["-5", "-0,1", "1e308", "500", "501"])
def test_a_limit_that_tells_nothing_apart_is_not_tried(written: str):
    """Every rate is above less than nothing, and none is above five a year."""
    with pytest.raises(PointlessError):
        limit_of(written, RATE, RATE.breach)


@pytest.mark.parametrize(
    ("metric", "side", "value", "found"),
    [
        ("leaver_rate", "above", -0.1, "always"),
        ("leaver_rate", "above", 0.0, None),
        ("leaver_rate", "above", 1.2, None),
        ("stability", "below", 0.0, "never"),
        ("stability", "below", 1.0, None),
        ("sick_rate", "above", 1.0, "never"),
        ("pay_gap", "above", -0.1, None),
        ("pay_gap", "above", 1.0, "never"),
        ("headcount", "below", 3.0, None),
        ("headcount", "above", -1.0, "always"),
        ("caseload", "above", 1e308, "never"),
    ],
)
def test_which_limits_say_nothing(metric: str, side: str, value: float, found: str | None):
    """By what a value can be at least and at most."""
    assert pointless(BY_NAME[metric], Limit(side, value)) == found


@pytest.mark.parametrize("written", ["", "-1", "29", "1.5", "²", "١", "9" * 5000])
def test_a_hold_is_four_weeks_at_most(written: str):
    """In whole days."""
    assert (days_of("0"), days_of("28")) == (0, 28)
    with pytest.raises(UnreadableError):
        days_of(written)
