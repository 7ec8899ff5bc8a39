"""When weekly summaries are written: one a week at the plan's own hour, whatever the clocks do."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.alerts.domain.plan.plan import Rhythm
from services.alerts.domain.weekly.slot import Kept, Step, latest, step

ZONE = ZoneInfo("Europe/Stockholm")
MONDAY_AT_EIGHT = Rhythm()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(1)


class Week:
    """A recipient whose clock moves: ``written`` is when each summary was written, with what it tells since."""

    def __init__(self, rhythm: Rhythm = MONDAY_AT_EIGHT) -> None:
        """Nothing was looked at yet."""
        self.rhythm = rhythm
        self.kept: Kept | None = None
        self.written: list[tuple[datetime, datetime]] = []

    def look(self, now: datetime) -> Step:
        """As the service does, again and again."""
        found = step(self.kept, self.rhythm, ZONE, now)
        if found.since:
            self.written.append((now.astimezone(ZONE), found.since.astimezone(ZONE)))
        self.kept = found.kept
        return found

    def live(self, first: datetime, last: datetime, every: timedelta = 20 * MINUTE) -> None:
        """Look from one moment to another."""
        while first <= last:
            self.look(first)
            first += every


def at(text: str) -> datetime:
    """Local time in Stockholm; an hour that comes twice is meant the first time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    "rhythm",
    [MONDAY_AT_EIGHT, Rhythm("sunday", time(0, 0)), Rhythm("sunday", time(23, 40)), Rhythm("friday", time(14, 20))],
)
def test_two_years_have_a_summary_each_week_at_the_same_local_hour(rhythm: Rhythm):
    """Each tells from where the one before it stopped: nothing twice, nothing not at all."""
    week = Week(rhythm)
    week.live(at("2026-01-07T12:00"), at("2028-01-05T12:00"))
    assert len(week.written) == 104
    assert {(f"{when:%A}".lower(), when.time()) for when, _ in week.written} == {(rhythm.on, rhythm.at)}
    assert [since for _, since in week.written[1:]] == [when for when, _ in week.written[:-1]]


def test_an_hour_that_the_clocks_skip_comes_once():
    """On 29 March 2026 there is no half past two: the summary is written at half past three."""
    week = Week(Rhythm("sunday", time(2, 30)))
    week.live(at("2026-03-23T12:00"), at("2026-04-04T12:00"), 10 * MINUTE)
    assert [when.isoformat() for when, _ in week.written] == ["2026-03-29T03:30:00+02:00"]


def test_an_hour_that_comes_twice_is_taken_once():
    """On 25 October 2026 it is half past two twice: it is written the first time."""
    week = Week(Rhythm("sunday", time(2, 30)))
    week.live(at("2026-10-19T12:00"), at("2026-10-31T12:00"), 10 * MINUTE)
    assert [when.isoformat() for when, _ in week.written] == ["2026-10-25T02:30:00+02:00"]


def test_what_was_missed_is_written_once_and_late():
    """Away for three weeks over the change of clocks: one summary of all of it, then each Monday again."""
    week = Week()
    week.live(at("2026-03-04T12:00"), at("2026-03-17T09:00"))
    back = at("2026-04-08T10:13")
    week.live(back, at("2026-04-14T12:00"))
    assert [(when.isoformat()[:16], since.isoformat()[:16]) for when, since in week.written] == [
        ("2026-03-09T08:00", "2026-03-04T12:00"),
        ("2026-03-16T08:00", "2026-03-09T08:00"),
        ("2026-04-08T10:13", "2026-03-16T08:00"),
        ("2026-04-13T08:13", "2026-04-08T10:13"),
    ]


def test_a_rhythm_that_is_new_begins_with_its_next_hour():
    """Nobody is written to because a plan has come or changed; and nothing is lost between two rhythms."""
    week = Week()
    assert week.look(at("2026-11-24T12:00")).since is None
    week.live(at("2026-11-24T12:00"), at("2026-12-02T12:00"))
    week.rhythm = Rhythm("tuesday", time(9))
    assert week.look(at("2026-12-02T13:00")).since is None
    week.live(at("2026-12-02T13:00"), at("2026-12-08T10:00"))
    assert [(when.isoformat()[:16], since.isoformat()[:16]) for when, since in week.written] == [
        ("2026-11-30T08:00", "2026-11-24T12:00"),
        ("2026-12-08T09:00", "2026-11-30T08:00"),
    ]


def test_the_hour_itself_is_past():
    """A minute before it is the one of last week."""
    monday = at("2026-11-30T08:00")
    assert latest(MONDAY_AT_EIGHT, ZONE, monday) == monday
    assert latest(MONDAY_AT_EIGHT, ZONE, monday - MINUTE) == monday - 7 * DAY


def test_the_hour_is_that_of_the_plan():
    """Eight in Helsinki is seven in Stockholm."""
    assert latest(MONDAY_AT_EIGHT, ZoneInfo("Europe/Helsinki"), at("2026-11-30T07:00")) == at("2026-11-30T07:00")
