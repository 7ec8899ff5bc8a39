"""False alarms: the life of an alert told in stretches, and how many come of chance alone."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy.stats import poisson

from services.alerts.domain.alert.evaluate import Verdict
from services.alerts.domain.alert.life import OK, live
from services.alerts.domain.chance.course import fired, stretches
from services.alerts.domain.chance.false_alarms import FalseAlarms, false_alarms
from services.alerts.domain.plan.plan import Limit, Target
from shared.contracts.metrics import MetricValue

VERDICTS: tuple[Verdict, ...] = ("breach", "between", "clear", "unknown")
LEAVERS = Target(
    "own-request",
    "leaver_rate_own_request",
    "unit",
    Limit("above", 0.25),
    Limit("below", 0.2),
    14,
    14,
    (),
    "warning",
    (),
    (),
    False,
)
COVERED = replace(LEAVERS, metric="check_in_coverage", breach=Limit("below", 0.6), clear=Limit("above", 0.7))


def daily(target: Target, verdicts: list[Verdict]) -> list[int]:
    """The days on which the alert fires, judged every day as the service does."""
    run, found = OK, []
    for day, verdict in enumerate(verdicts):
        run, reason = live(target, run, verdict, date.fromordinal(day + 1))
        found += [day] if reason == "hold_met" else []
    return found


@given(
    st.lists(st.tuples(st.sampled_from(VERDICTS), st.integers(1, 9)), min_size=1, max_size=30),
    st.integers(0, 6),
    st.integers(0, 6),
)
def test_stretches_are_judged_as_days_are(course: list[tuple[Verdict, int]], hold: int, clear_hold: int):
    """An alert fires on the same days whether each is judged or only those on which it can step."""
    target = replace(LEAVERS, hold=hold, clear_hold=clear_hold)
    verdicts = [verdict for verdict, length in course for _ in range(length)]
    assert list(fired(target, stretches(verdicts))) == daily(target, verdicts)


def weeks_of(events: int, size: float, weeks: int = 157) -> list[MetricValue]:
    """The same yearly count, week after week."""
    one = MetricValue(status="final", definition="d", value=events / size, numerator=float(events), denominator=size)
    return [one] * weeks


def shares(values: list[float], size: int = 30) -> list[MetricValue]:
    """Weekly shares of a group, without an interval."""
    return [MetricValue(status="final", definition="d", value=v, numerator=v * size, denominator=size) for v in values]


def test_few_people_more_false_alarms():
    """At the same rate, a limit somewhat above it is passed by chance the more often the smaller the group."""
    found = [false_alarms(LEAVERS, weeks_of(round(0.17 * size), size), 1).a_year or 0.0 for size in (20, 60, 300)]
    assert found[0] > found[1] > found[2]
    assert found[2] < 0.02


def test_alarms_of_counts_are_what_chance_makes():
    """Without a hold and with the limit itself ending it, an alert begins when the sum first passes the limit.

    In a steady state that is as often as the sum stands at the limit and one comes: the rate, which is that of the four
    years of the history with half an event added, times that chance.
    """
    target = replace(LEAVERS, hold=0, clear_hold=0, clear=None)
    found = np.mean([false_alarms(target, weeks_of(15, 100), seed).a_year or 0.0 for seed in range(5)])
    rate = 60.5 / 4
    assert found == pytest.approx(rate * poisson.pmf(25, rate), abs=0.05)


def test_confirmation_takes_most_of_them_away():
    """A breach that its interval must confirm hardly ever comes of chance."""
    found = false_alarms(LEAVERS, weeks_of(3, 20), 1)
    assert found.a_year is not None
    assert found.confirmed is not None
    assert found.a_year > 0.05 > found.confirmed


def test_hold_takes_some_away():
    """What does not last is not told."""
    long = replace(LEAVERS, hold=28)
    short = replace(LEAVERS, hold=0)
    history = weeks_of(3, 20)
    assert (false_alarms(short, history, 1).a_year or 0) > (false_alarms(long, history, 1).a_year or 0) > 0


def test_a_group_past_its_limit_has_no_false_alarms():
    """An alert of what is always so is no false one."""
    assert false_alarms(LEAVERS, weeks_of(9, 20), 1) == FalseAlarms(None, why="past")
    assert false_alarms(COVERED, shares([0.5] * 157), 1) == FalseAlarms(None, why="past")


@pytest.mark.parametrize("history", [[], shares([0.9] * 20)])
def test_too_little_known(history: list[MetricValue]):
    """Without a year of it nothing is said."""
    assert false_alarms(COVERED, history, 1) == FalseAlarms(None, why="unknown")


def test_nothing_happened_yet_is_not_never():
    """A group that nobody left in two years may lose somebody by chance."""
    found = false_alarms(replace(LEAVERS, breach=Limit("above", 0.05), hold=0), weeks_of(0, 12), 1)
    assert (found.a_year or 0) > 0


def test_a_share_comes_again_as_it_was():
    """One dip of eight weeks in two years comes about once in two, and never in a group that had none."""
    dipped = shares([0.9] * 50 + [0.5] * 8 + [0.9] * 46)
    assert false_alarms(COVERED, dipped, 1).a_year == pytest.approx(0.5, abs=0.15)
    assert false_alarms(COVERED, shares([0.9] * 104), 1).a_year == 0


def test_the_same_again():
    """The same history gives the same answer."""
    assert false_alarms(LEAVERS, weeks_of(3, 20), 1) == false_alarms(LEAVERS, weeks_of(3, 20), 1)
