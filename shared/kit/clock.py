"""The one place where time enters: "now" and "today" in a time zone, either of which can be fixed."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from shared.kit.settings import Settings, SettingsError


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


def clock(settings: Settings) -> Clock:
    """The clock of the settings' time zone, held still if they say so; raises SettingsError."""
    try:
        fixed = date.fromisoformat(settings.stadga_today) if settings.stadga_today else None
    except ValueError:
        raise SettingsError(f"STADGA_TODAY={settings.stadga_today!r}: expected a date such as 2026-09-30") from None
    try:
        return Clock(ZoneInfo(settings.stadga_time_zone), fixed)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingsError(
            f"STADGA_TIME_ZONE={settings.stadga_time_zone!r}: expected one such as Europe/Stockholm"
        ) from None
