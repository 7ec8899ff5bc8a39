"""The points of a series."""

from datetime import date

import pytest

from services.metrics.domain.sums.periods import periods
from shared.contracts.history import Step


@pytest.mark.parametrize(
    ("step", "first", "last", "found"),
    [
        ("day", "2024-02-28", "2024-03-01", [("2024-02-28", 1), ("2024-02-29", 1), ("2024-03-01", 1)]),
        ("week", "2024-12-23", "2025-01-08", [("2024-12-29", 7), ("2025-01-05", 7)]),
        ("month", "2024-01-15", "2024-03-30", [("2024-01-31", 31), ("2024-02-29", 29)]),
        ("quarter", "2024-06-30", "2024-12-31", [("2024-06-30", 91), ("2024-09-30", 92), ("2024-12-31", 92)]),
        ("year", "2023-01-01", "2024-12-30", [("2023-12-31", 365)]),
        ("month", "2024-01-01", "2024-01-30", []),
    ],
)
def test_steps_end_within_the_days(step: Step, first: str, last: str, found: list[tuple[str, int]]):
    """Each step is named by its last day, has all of its days, and the last one is over."""
    steps = periods(step, date.fromisoformat(first), date.fromisoformat(last))
    assert [(str(period.last), period.days) for period in steps] == found
