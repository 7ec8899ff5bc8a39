"""Since when a plan has done something about a metric."""

from datetime import date, datetime

import pytest

from services.alerts.board.starts import Measured, Start, position, starts
from services.alerts.domain.plan import reading
from services.alerts.domain.plan.plan import Unit
from services.alerts.domain.plan.progress import Name, Progress, Update
from shared.contracts.events import MeasureStatus
from tests.unit.alerts.board.pages import TODAY, to

PLAN = """
plan: p
title: {sv: Planen, en: The plan}
SCOPE
recipients: {hr: {email: hr@kommun.example}}
targets: [{id: t, metric: sick_rate, breach: {above: 0.2}, notify: [hr], measures: [rest], WATCH}]
measures:
  - {id: rest, title: {sv: Vila, en: Rest}, owner: hr, trial: {from: 2026-02-01, to: 2026-12-31}}
  - {id: less, title: Mindre, owner: hr, should_move: [sick_rate]}
  - {id: other, title: Annat, owner: hr, should_move: [fte]}
local: {u9: {measures: [{id: own, title: Egen, owner: hr, should_move: [sick_rate]}]}}
"""


def told(measure: str, day: date, status: MeasureStatus = "started") -> dict[Name, list[Update]]:
    """One word of a measure."""
    when = datetime(day.year, day.month, day.day).astimezone()
    progress = Progress(status, day)
    one = Update(key=("s", measure), plan="p", measure=measure, recorded=when, corrects=None, progress=progress)
    return {("p", measure): [one]}


def begun(
    updates: dict[Name, list[Update]],
    unit: str = "u1",
    scope: str = "",
    watch: str = "watch_from: 2026-01-15",
    metric: str = "sick_rate",
    occupation: str = "*",
) -> list[Start]:
    """What has begun about a metric of a unit under ``dept``."""
    plan = reading.read(PLAN.replace("SCOPE", scope).replace("WATCH", watch))
    place = Unit(unit, unit, (unit, "dept"))
    return starts([plan], updates, Measured(metric, place, occupation), TODAY, to())


TRIAL = Start(date(2026, 2, 1), "Vila")


def test_a_trial_begins_on_its_first_day() -> None:
    """Where nothing was said of it."""
    assert begun({}) == [TRIAL]


def test_what_was_said_of_a_measure_goes_before_its_trial() -> None:
    """It began when it did."""
    assert begun(told("rest", date(2026, 3, 1))) == [Start(date(2026, 3, 1), "Vila")]


def test_every_measure_that_should_move_the_metric_counts() -> None:
    """The earliest first; not what should move others, nor what is only planned."""
    both = told("less", date(2026, 1, 20)) | told("other", date(2026, 1, 1))
    assert begun(both) == [Start(date(2026, 1, 20), "Mindre"), TRIAL]
    assert begun(told("less", date(2026, 1, 20), "planned")) == [TRIAL]


def test_a_unit_s_own_measure_is_its_own() -> None:
    """Others have not begun it."""
    own = told("own", date(2026, 4, 1))
    assert begun(own) == [TRIAL]
    assert begun(own, unit="u9") == [TRIAL, Start(date(2026, 4, 1), "Egen")]


@pytest.mark.parametrize(
    ("scope", "occupation", "count"),
    [
        ("scope: {units: [u1]}", "*", 1),
        ("scope: {units: [dept]}", "*", 1),
        ("scope: {units: [u2]}", "*", 0),
        ("scope: {occupations: [handläggare]}", "*", 0),
        ("scope: {occupations: [handläggare]}", "handläggare", 1),
    ],
)
def test_a_plan_of_others_begins_nothing_here(scope: str, occupation: str, count: int) -> None:
    """It is about its units and everything below them, and about its occupation."""
    assert len(begun({}, scope=scope, occupation=occupation)) == count


def test_a_plan_without_measures_begins_when_its_promise_is_watched() -> None:
    """Nothing else is known; and of another metric nothing has begun."""
    plan = PLAN.replace(", trial: {from: 2026-02-01, to: 2026-12-31}", "").replace("SCOPE", "")
    read = reading.read(plan.replace("WATCH", "watch_from: 2026-01-15"))
    of = Measured("sick_rate", Unit("u1", "u1", ("u1",)), "*")
    assert starts([read], {}, of, TODAY, to("en")) == [Start(date(2026, 1, 15), "The plan")]
    assert starts([read], {}, of._replace(metric="caseload"), TODAY, to()) == []


def test_what_begins_later_has_not_begun() -> None:
    """A trial that lies ahead is no start."""
    assert begun(told("rest", date(2026, 7, 1)), watch="")[0].on == date(2026, 2, 1)
    assert starts([], {}, Measured("fte", Unit("u1", "u1", ("u1",)), "*"), TODAY, to()) == []


@pytest.mark.parametrize(
    ("start", "place"),
    [
        (date(2026, 1, 1), None),
        (date(2026, 1, 15), 1),
        (date(2026, 2, 1), 1),
        (date(2026, 2, 2), 2),
        (date(2026, 3, 2), None),
    ],
)
def test_the_month_of_a_start_belongs_to_what_was_before(start: date, place: int | None) -> None:
    """Months before and after are needed."""
    assert position([date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)], start) == place
