"""A plan says since when its data is known: what reaches back before that day is not judged."""

from datetime import date, timedelta

import msgspec
import pytest

from services.alerts.domain.alert.judged import Judgement
from services.alerts.domain.alert.judgement import AlertRecord, judge
from services.alerts.domain.alert.observation import Observation
from services.alerts.domain.alert.reach import within
from services.alerts.domain.plan.reading import read
from shared.contracts.catalogue import BY_NAME
from tests.unit.alerts.stories import BAD, day, repeated, series, value
from tests.unit.alerts.test_judgement import ALERT, ASKED, SETTING
from tests.unit.alerts.test_plan import SMALL

YEAR = timedelta(365)
KNOWN = day(0) - YEAR + timedelta(1)
"""Values of day 0 are the first that are whole."""


def judged(known_from: date | None, observations: list[Observation], window: int = 365) -> Judgement:
    """The alert judged by a plan whose data is known from a day on."""
    plan = msgspec.structs.replace(ASKED.version.plan, known_from=known_from)
    asked = ASKED._replace(version=ASKED.version._replace(plan=plan))
    return judge(ALERT, asked, AlertRecord(None, (), observations, lambda _episode: (), window), SETTING)


@pytest.mark.parametrize(
    ("known_from", "state"),
    [(None, "firing"), (KNOWN, "firing"), (KNOWN + timedelta(1), "pending"), (KNOWN + timedelta(4), "not_judged")],
    ids=["not said", "just long enough ago", "a day too late for one of them", "too late for all"],
)
def test_only_whole_values_are_judged(known_from: date | None, state: str):
    """The hold of three days begins with the first value that does not reach back before that day."""
    assert judged(known_from, series(repeated((BAD, 4)))).view.state == state


def test_the_first_whole_day_breaches_at_least_since_then():
    """The day before has a number that was not judged: nothing is known of it."""
    found = judged(KNOWN + timedelta(1), series(repeated((BAD, 4)))).view
    assert (found.since, found.since_at_least) == (day(1), True)


def test_the_view_says_why():
    """From which day data is known, and from which a value is whole; no number of before."""
    view = judged(date(2026, 1, 1), series([BAD])).view
    assert (view.status, view.value, view.known_from, view.complete_from) == (
        "incomplete",
        None,
        date(2026, 1, 1),
        date(2026, 12, 31),
    )


def test_a_rate_looks_back_over_its_window():
    """However long that is."""
    assert judged(KNOWN, series(repeated((BAD, 4))), 366).view.state == "pending"
    assert judged(day(-29), series(repeated((BAD, 4))), 30).view.state == "firing"


def status(metric: str, known_from: date, one: Observation) -> str:
    """What becomes of a value of a metric."""
    (found,) = within([one], BY_NAME[metric], known_from, 365)
    return found.measured.status


@pytest.mark.parametrize(
    ("metric", "days"),
    [("headcount", 0), ("leaver_rate", 364), ("stability", 365), ("starter_survival", 729)],
)
def test_each_metric_looks_back_as_far_as_its_formula(metric: str, days: int):
    """A number of a day needs that day alone, and what was here a year ago a year more."""
    known = day(0) - timedelta(days)
    one = Observation(day(0), 0, value(BAD))
    assert (status(metric, known, one), status(metric, known + timedelta(1), one)) == ("final", "incomplete")


@pytest.mark.parametrize(
    ("known", "expected"),
    [(date(2025, 1, 1), "final"), (date(2024, 12, 2), "final"), (date(2025, 1, 2), "incomplete")],
)
def test_months_are_whole_or_not(known: date, expected: str):
    """A value of health until December tells of the twelve months of the year."""
    measured = msgspec.structs.replace(value(BAD), until=date(2025, 12, 31))
    assert status("sick_rate", known, Observation(date(2026, 1, 20), 0, measured)) == expected


def test_what_has_no_number_stays_as_it_was_said():
    """A suppressed value does not become incomplete."""
    assert status("leaver_rate", day(0), Observation(day(0), 0, value(None))) == "suppressed"


def test_a_day_ahead_is_judged_by_what_it_reaches_back_to():
    """In ninety days more of the window is known."""
    assert status("leaver_rate", KNOWN + timedelta(90), Observation(day(90), 90, value(BAD))) == "final"


def test_a_plan_says_the_day():
    """Without a word on it everything is judged."""
    assert read(SMALL).known_from is None
    assert read(f"known_from: 2026-11-30\n{SMALL}").known_from == date(2026, 11, 30)
