"""Days on which nobody with office hours is scheduled."""

from datetime import date

import pytest

from cli.connect.importing.red_days import easter, is_red


@pytest.mark.parametrize(
    "sunday",
    ["1818-03-22", "1954-04-18", "2000-04-23", "2008-03-23", "2024-03-31", "2025-04-20", "2038-04-25", "2100-03-28"],
)
def test_easter(sunday: str):
    """The earliest and the latest there are, leap years and centuries."""
    assert easter(int(sunday[:4])).isoformat() == sunday


@pytest.mark.parametrize(
    "day",
    [
        "2024-01-01",
        "2024-03-29",
        "2024-04-01",
        "2024-05-01",
        "2024-05-09",
        "2024-06-06",
        "2024-06-21",
        "2024-12-24",
        "2024-12-31",
        "2023-06-23",
        "2026-06-19",
        "2015-06-19",
    ],
)
def test_red_days(day: str):
    """New Year to New Year's Eve, Midsummer Eve on the Friday it falls on."""
    assert is_red(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2024-03-28", "2024-04-02", "2024-06-20", "2024-05-10", "2024-12-23", "2024-12-27"])
def test_days_beside_them(day: str):
    """Maundy Thursday, the day after Ascension and the days between are worked."""
    assert not is_red(date.fromisoformat(day))
