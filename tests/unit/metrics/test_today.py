"""The day that values are as of goes on as time passes, and never because a clock was set."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from services.metrics.publishing.today import Today
from shared.kit.clock import Clock

NOON = datetime(2026, 11, 27, 11, tzinfo=UTC)


class Machine:
    """A machine whose clock can be set, and that can sleep; both pass only when told."""

    def __init__(self) -> None:
        """A Friday noon."""
        self.now, self.seconds = NOON, 1_000.0
        self.today = Today(Clock(ZoneInfo("Europe/Stockholm"), read=lambda: self.now), lambda: self.seconds)

    def passes(self, **time: float) -> str:
        """Time passes; the day then."""
        self.now += timedelta(**time)
        self.seconds += timedelta(**time).total_seconds()
        return str(self.today.read())

    def is_set(self, **time: float) -> str:
        """The clock is set on or back; the day then."""
        self.now += timedelta(**time)
        return str(self.today.read())


def test_midnight():
    """The next day begins when it does."""
    machine = Machine()
    assert [machine.passes(hours=6) for _ in range(3)] == ["2026-11-27", "2026-11-28", "2026-11-28"]
    assert machine.today.doubt is None


def test_a_weekend_asleep():
    """A machine that slept until Monday goes on with Monday."""
    machine = Machine()
    assert (machine.passes(days=2, hours=20), machine.today.doubt) == ("2026-11-30", None)


def test_a_clock_that_jumps():
    """A clock set on by years moves nothing and is told of; it is believed again once it is right."""
    machine = Machine()
    assert machine.is_set(days=1_200) == "2026-11-27"
    assert machine.today.doubt is not None
    assert "2030-03-11" in machine.today.doubt
    assert machine.is_set(days=-1_200) == "2026-11-27"
    assert machine.today.doubt is None
    assert machine.passes(days=1) == "2026-11-28"


def test_it_is_not_believed_for_being_wrong_long():
    """A clock that goes on from the wrong day stays in doubt."""
    machine = Machine()
    machine.is_set(days=10)
    assert [machine.passes(days=5) for _ in range(3)] == ["2026-11-27"] * 3
    assert machine.today.doubt is not None


def test_a_clock_set_back():
    """The day never goes back: by a little around midnight nothing is said, by days it is."""
    machine = Machine()
    assert machine.passes(hours=12.5) == "2026-11-28"
    assert (machine.is_set(hours=-1), machine.today.doubt) == ("2026-11-28", None)
    assert machine.is_set(days=-3) == "2026-11-28"
    assert machine.today.doubt is not None


def test_a_start_takes_the_clocks_word():
    """What is started anew has the day the clock says."""
    machine = Machine()
    machine.is_set(days=1_200)
    assert Today(Clock(ZoneInfo("Europe/Stockholm"), read=lambda: machine.now)).read().year == 2030
