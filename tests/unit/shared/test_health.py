"""Health: each part says whether it works, and since when it does not."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.contracts.release import SCHEMAS, VERSION, Part, Readiness, Schema
from shared.kit.clock import Clock
from shared.kit.health import Ended, Health

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
    assert health.report() == [Part("database", "bad", "starting", START), Part("kafka", "ok", None, START)]


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
    assert health.report() == [Part("kafka", "bad", "refused", began)]
    ended = time.pass_by(1)
    health.ok("kafka")
    assert health.report() == [Part("kafka", "ok", None, ended)]


def test_degraded_but_ready():
    """Without a lesser part, or with a part that works less well, the service is ready all the same, and says why."""
    health = Health(Time().clock(), "database", lesser=("mail",))
    health.degraded("database", "slow")
    assert not health.ready  # mail has not reported yet
    health.bad("mail", "refused")
    assert health.ready
    assert [(part.name, part.condition, part.problem) for part in health.report()] == [
        ("database", "degraded", "slow"),
        ("mail", "degraded", "refused"),
    ]


def test_alive_until_a_task_ends():
    """Of several tasks that ended the first is told of, whatever the parts say."""
    health = Health(Time().clock(), "kafka")
    assert health.ended is None
    for task in ("first", "second"):
        health.end(Ended(task, "KeyError"))
    health.ok("kafka")
    assert str(health.ended) == "the task first has ended: KeyError"


def test_what_it_runs_and_what_it_found():
    """The release, and of the schema what is needed and what is there; of a service without a database nothing."""
    health = Health(Time().clock(), "database", schema="metrics")
    assert health.readiness() == Readiness(VERSION, Schema(SCHEMAS["metrics"], None), health.report())
    for found in (14, SCHEMAS["metrics"], SCHEMAS["metrics"] + 1):
        health.met(found)
        assert health.readiness().schema == Schema(SCHEMAS["metrics"], found)
    assert Health(Time().clock(), "kafka").readiness().schema is None
