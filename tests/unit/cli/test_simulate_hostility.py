"""What hostility does to a log, and what it does not do."""

from collections import Counter
from datetime import date, timedelta

import msgspec
import pytest

from cli.simulation.log import simulate
from shared.contracts.envelope import CloudEvent
from shared.contracts.event_types import RETRACTED

FIRST, LAST = date(2024, 7, 1), date(2025, 12, 31)
LONGEST_REPAIR = timedelta(days=2 * 150 + 1)


def small(hostility: float) -> list[CloudEvent]:
    """A year and a half of 150 people in 8 units."""
    return list(simulate(1, 150, 8, first=FIRST, last=LAST, hostility=hostility))


@pytest.fixture(scope="module")
def clean() -> list[CloudEvent]:
    """The log at hostility 0."""
    return small(0)


@pytest.fixture(scope="module")
def hostile() -> list[CloudEvent]:
    """The same municipality at hostility 1."""
    return small(1)


def days_late(event: CloudEvent) -> int:
    """Days from taking effect to being recorded; below zero for what is known beforehand."""
    data = msgspec.json.decode(event.data)
    effective = data.get("effective") or data.get("last_day") or data["to"]
    return (event.time.date() - date.fromisoformat(effective)).days


def repeats(log: list[CloudEvent]) -> int:
    """Events handed over more than once."""
    return sum(times > 1 for times in Counter((event.source, event.id) for event in log).values())


def said(log: list[CloudEvent]) -> set[tuple[str, str, bytes]]:
    """What a log says, by whomever and whenever it was recorded."""
    return {(event.type, event.subject, bytes(event.data)) for event in log}


def test_clean_has_no_corrections(clean: list[CloudEvent]):
    """At hostility 0 nothing is corrected or retracted."""
    assert not any(event.corrects for event in clean)


def test_clean_has_no_repeats(clean: list[CloudEvent]):
    """At hostility 0 nothing is handed over twice."""
    assert repeats(clean) == 0


def test_clean_is_in_time(clean: list[CloudEvent]):
    """At hostility 0, after the first day, everything is recorded within a month and a few days."""
    assert max(days_late(event) for event in clean if event.time.date() > FIRST) <= 35


def test_future_dated_at_any_hostility(clean: list[CloudEvent]):
    """Resignations are known one to three months ahead even in a clean log."""
    ends = [event for event in clean if event.type == "hr.employment.ended.v1" and b"own_request" in bytes(event.data)]
    assert sum(days_late(event) < -28 for event in ends) > len(ends) / 2


def test_hostile_is_late(hostile: list[CloudEvent]):
    """At hostility 1 some events come months late."""
    late = [e for e in hostile if e.type != RETRACTED and e.time.date() > FIRST + timedelta(150) and days_late(e) > 60]
    assert late


def test_hostile_is_corrected_twice(hostile: list[CloudEvent]):
    """At hostility 1 some corrections are themselves corrected."""
    corrections = {(event.source, event.id) for event in hostile if event.corrects}
    assert any((event.source, event.corrects) in corrections for event in hostile)


def test_hostile_is_retracted(hostile: list[CloudEvent]):
    """At hostility 1 some events are taken back, by a message without data."""
    retractions = [event for event in hostile if event.type == RETRACTED]
    assert retractions
    assert not any(bytes(event.data) for event in retractions)


def test_corrections_follow_what_they_correct(hostile: list[CloudEvent]):
    """Whatever is corrected or retracted was recorded earlier, by the same source, on the same subject."""
    seen: set[tuple[str, str, str]] = set()
    for event in hostile:
        assert event.corrects is None or (event.source, event.subject, event.corrects) in seen
        seen.add((event.source, event.subject, event.id))


def test_hostile_is_repeated(hostile: list[CloudEvent]):
    """At hostility 1 about one event in ten is handed over twice."""
    assert 0.05 < repeats(hostile) / len(hostile) < 0.15


def test_hostile_is_contradictory(hostile: list[CloudEvent]):
    """At hostility 1 there are ends without a start and second starts."""
    replaced = {(event.source, event.corrects) for event in hostile}
    once = {(e.source, e.id): e for e in hostile if (e.source, e.id) not in replaced}
    starts = Counter(event.subject for event in once.values() if event.type == "hr.employment.started.v1")
    assert any(b'"unknown"' in bytes(event.data) for event in hostile)
    assert max(starts.values()) > 1


def test_reality_stays(clean: list[CloudEvent], hostile: list[CloudEvent]):
    """Hostility changes what is recorded and when, not what happened: every truth is told in the end."""
    settled = [event for event in clean if event.time.date() < LAST - LONGEST_REPAIR]
    assert said(settled) <= said(hostile)


def test_dial(clean: list[CloudEvent], hostile: list[CloudEvent]):
    """Half the hostility corrects about half as much."""
    half = sum(event.corrects is not None for event in small(0.5))
    assert half == pytest.approx(0.5 * sum(event.corrects is not None for event in hostile), rel=0.25)
