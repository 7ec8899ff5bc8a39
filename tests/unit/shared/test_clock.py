"""The one clock: now, and today where the plan is."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from shared.kit.clock import Clock, clock
from shared.kit.settings import Settings, SettingsError

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("instant", "today"),
    [
        (datetime(2024, 6, 30, 21, 59, tzinfo=UTC), date(2024, 6, 30)),
        (datetime(2024, 6, 30, 22, 0, tzinfo=UTC), date(2024, 7, 1)),
        (datetime(2024, 12, 31, 22, 59, tzinfo=UTC), date(2024, 12, 31)),
        (datetime(2024, 12, 31, 23, 0, tzinfo=UTC), date(2025, 1, 1)),
    ],
)
def test_today_begins_at_midnight_of_the_zone(instant: datetime, today: date):
    """Also when the clocks have been put forward."""
    assert Clock(STOCKHOLM, read=lambda: instant).today() == today


def test_today_can_be_held_still():
    """A fixed today replays history; now goes on."""
    instant = datetime(2026, 1, 1, tzinfo=UTC)
    still = Clock(STOCKHOLM, date(2024, 12, 31), lambda: instant)
    assert (still.today(), still.now()) == (date(2024, 12, 31), instant)


def test_settings_make_the_clock():
    """The zone and the day are those of the settings."""
    made = clock(Settings(stadga_time_zone="Europe/Stockholm", stadga_today="2024-12-31"))
    assert (made.zone, made.fixed) == (STOCKHOLM, date(2024, 12, 31))


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (Settings(stadga_today="yesterday"), "STADGA_TODAY='yesterday'"),
        (Settings(stadga_time_zone="Stockholm"), "STADGA_TIME_ZONE='Stockholm'"),
        (Settings(stadga_time_zone="../zone"), "STADGA_TIME_ZONE='../zone'"),
    ],
)
def test_what_is_no_day_or_zone_is_named(settings: Settings, named: str):
    """The error says which variable is wrong and what it holds."""
    with pytest.raises(SettingsError, match=named):
        clock(settings)
