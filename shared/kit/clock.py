"""The one place where time enters: "now" and "today" in a time zone, either of which can be fixed."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import msgspec


class Clock(msgspec.Struct, frozen=True):
    """Now, and today in ``zone``; ``fixed`` (STADGA_TODAY) holds today still to replay history."""

    zone: ZoneInfo
    fixed: date | None = None
    read: Callable[[], datetime] = lambda: datetime.now(UTC)

    def now(self) -> datetime:
        """The current instant, in UTC."""
        return self.read()

    def today(self) -> date:
        """The calendar date in the clock's zone, or the fixed one."""
        return self.fixed or self.read().astimezone(self.zone).date()
