"""Which terms of an employment hold on a day, and what is made of events that contradict each other."""

import pytest

from services.metrics.domain.facts.measures import Measure
from tests import builders as make
from tests.unit.metrics.folding import changes, fold, level


def started(on: str = "2024-01-01", **terms: object) -> make.Event:
    """The one employment of these tests."""
    return make.employment_started("p", on, employment="j1", **terms)


def ended(last_day: str) -> make.Event:
    """Its end."""
    return make.employment_ended("p", last_day, employment="j1")


def changed(on: str, **terms: object) -> make.Event:
    """A change of it."""
    return make.employment_changed("p", on, employment="j1", **terms)


def test_change_dated_before_the_start():
    """A change in force on the first day holds from the first day."""
    assert changes(fold(started(), changed("2023-06-01", fte=0.5)), Measure.fte) == {"2024-01-01": 0.5}


def test_change_after_the_end():
    """A change after the last day changes nothing."""
    folded = fold(started(), ended("2024-01-31"), changed("2024-02-01", unit="u2"))
    assert changes(folded, Measure.headcount) == {"2024-01-01": 1, "2024-02-01": -1}
    assert changes(folded, Measure.headcount, "u2") == {}


def test_changes_of_the_same_day():
    """Of two changes on a day the later recorded wins where both speak; where only one does, it holds."""
    early = make.employment_changed("p", "2024-02-01", employment="j1", fte=0.5, unit="u2", time="2024-01-10T08:00:00Z")
    late = make.employment_changed("p", "2024-02-01", employment="j1", fte=0.8, time="2024-01-11T08:00:00Z")
    folded = fold(late, early, started())
    assert level(folded, Measure.fte, "2024-02-01", "u2") == 0.8


CONTRADICTIONS = [
    ((ended("2024-01-31"),), {"end_without_start": 1}),
    ((changed("2024-01-31", fte=0.5),), {"change_without_start": 1}),
    ((started(), ended("2023-12-31")), {"end_before_start": 1}),
]


@pytest.mark.parametrize(("events", "anomalies"), CONTRADICTIONS)
def test_what_makes_no_sense(events: tuple[make.Event, ...], anomalies: dict[str, int]):
    """An employment that contradicts itself contributes nothing and is counted by kind."""
    folded = fold(*events)
    assert (folded.facts, folded.anomalies) == ({}, anomalies)


def test_restated_start():
    """Of two starts the last recorded holds, and the restatement is counted."""
    first = make.employment_started("p", "2024-01-01", employment="j1", time="2024-01-01T08:00:00Z")
    again = make.employment_started("p", "2024-02-01", employment="j1", time="2024-01-02T08:00:00Z")
    folded = fold(again, first)
    assert changes(folded, Measure.headcount) == {"2024-02-01": 1}
    assert folded.anomalies == {"restated": 1}
