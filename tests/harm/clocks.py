"""``pytest tests/harm/clocks.py``: the clock of the services jumps while they run, under load; see ``make harm``.

By libfaketime (Debian: faketime), which leaves the clock that only counts alone, as a clock that is set does.
"""

from pathlib import Path

import pytest

from tests.harm.estate.estate import estate
from tests.harm.estate.trial import complaint, trial, well
from tests.harm.thousand_kills import SETTINGS

FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
REPLICAS = ("metrics", "metrics-2")


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    """The file that says how wrong it is."""
    assert FAKETIME.exists(), "libfaketime is missing (Debian: faketime)"
    (tmp_path / "clock").write_text("+0")
    return tmp_path / "clock"


def by(clock: Path) -> dict[str, str]:
    """What makes a service read it; its today is the clock's."""
    return {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "STADGA_TODAY": "",
    }


def set_to(clock: Path, wrong: str) -> None:
    """Let it be wrong by so much."""
    clock.write_text(wrong)


@pytest.mark.parametrize("jump", ["+50m", "-1h", "-1d"])
async def test_a_clock_jumps_and_is_set_right(jump: str, clock: Path):
    """The services go on by what it says; set right it is believed again."""
    async with estate(SETTINGS) as there, trial(there, **by(clock)) as load:
        set_to(clock, jump)
        load.more_units(2)
        await load.goes_on()
        set_to(clock, "+0")


async def test_a_clock_that_is_a_day_ahead(clock: Path):
    """Kafka takes no message from the future: the services say so, and all that was confirmed is there.

    Where metrics began another day meanwhile, it stays with that one until it is started anew.
    """
    async with estate(SETTINGS) as there, trial(there, **by(clock)):
        set_to(clock, "+1d")
        await complaint(there, "InvalidTimestamp")
        set_to(clock, "+0")
        for replica in REPLICAS:
            there.kill(replica)
            await there.start_again(replica)
        await well(there)
