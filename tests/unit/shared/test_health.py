"""Health: each part says whether it works, and since when it does not."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.kit.clock import Clock
from shared.kit.health import Health, Part

START = datetime(2024, 12, 31, 8, 0, tzinfo=UTC)


class Time:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = START

    def pass_by(self, minutes: int) -> datetime:
        """Move on, and give the new instant."""
        self.now += timedelta(minutes=minutes)
        return self.now

    def clock(self) -> Clock:
        """As the services see it."""
        return Clock(ZoneInfo("UTC"), read=lambda: self.now)


def test_starting():
    """What has not reported yet does not work."""
    health = Health(Time().clock(), "kafka", "database")
    health.ok("kafka")
    assert not health.ready
    assert health.report() == [Part("database", "starting", START), Part("kafka", None, START)]


def test_ready_when_every_part_works():
    """One part away is enough not to be ready."""
    health = Health(Time().clock(), "kafka", "database")
    for part in ("kafka", "database"):
        health.ok(part)
    assert health.ready
    health.bad("database", "refused")
    assert not health.ready


def test_since_when():
    """A problem keeps the time it began at while it is reported again, and recovery the time of recovery."""
    time = Time()
    health = Health(time.clock(), "kafka")
    health.ok("kafka")
    began = time.pass_by(1)
    health.bad("kafka", "refused")
    time.pass_by(1)
    health.bad("kafka", "refused")
    assert health.report() == [Part("kafka", "refused", began)]
    ended = time.pass_by(1)
    health.ok("kafka")
    assert health.report() == [Part("kafka", None, ended)]
