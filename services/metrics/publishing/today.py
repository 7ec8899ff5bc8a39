"""The day that values are as of: it goes on as time passes, and never because somebody set a clock.

A day far ahead would settle every alert until then. So a clock that is ahead by more than has passed since it was last
read, or behind, moves nothing: the service goes on with the day it has and says so, until the clock is right again or
the process is started anew, which takes the clock's word. A machine that slept has time pass by its own count.
"""

import time
from collections.abc import Callable
from datetime import date

from shared.kit.clock import Clock

DAY_SECONDS = 86_400


def boot_seconds() -> float:
    """Seconds since the machine was started, those asleep too where it counts them; no clock that is set moves it."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Today:
    """Today, as long as it can be believed."""

    def __init__(self, clock: Clock, passed: Callable[[], float] = boot_seconds) -> None:
        """It begins as the clock says."""
        self._clock, self._passed = clock, passed
        self._day, self._read = clock.today(), passed()
        self.doubt: str | None = None

    def read(self) -> date:
        """Today; ``doubt`` says what is wrong with the clock, if it says another day that cannot be."""
        asked, passed = self._clock.today(), self._passed()
        ahead, days = (asked - self._day).days, (passed - self._read) / DAY_SECONDS
        if 0 <= ahead <= days + 1:
            self._day, self._read, self.doubt = asked, passed, None
        elif ahead == -1:
            self.doubt = None  # set right by a little just after midnight
        else:
            self.doubt = (
                f"the clock says {asked}, and {days:.1f} days have passed since {self._day}, of which values stay;"
                " set the clock right, or start the service anew if it is"
            )
        return self._day
