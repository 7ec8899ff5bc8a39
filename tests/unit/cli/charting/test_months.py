"""Which months a chart shows, and where a plan begins among them."""

from datetime import date

import pytest

from cli.offline.charting import months
from cli.offline.charting.question import ChartError

YEAR = months.between(date(2024, 1, 1), date(2024, 12, 1))


def names(shown: list[date]) -> tuple[str, str, int]:
    """The first month, the last and how many there are."""
    return months.name(shown[0]), months.name(shown[-1]), len(shown)


def test_months_follow_each_other_by_their_last_days():
    """Each ends where the next begins, also in February of a leap year."""
    assert months.between(date(2023, 12, 5), date(2024, 3, 1)) == [
        date(2023, 12, 31),
        date(2024, 1, 31),
        date(2024, 2, 29),
        date(2024, 3, 31),
    ]


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        (date(2024, 3, 1), date(2024, 5, 1), ("2024-03", "2024-05", 3)),
        (date(2024, 3, 1), None, ("2024-03", "2025-02", 12)),
        (None, date(2024, 5, 1), ("2023-02", "2024-05", 16)),
        (None, None, ("2023-02", "2025-02", 25)),
    ],
)
def test_what_is_not_asked_for_is_what_is_whole(first: date | None, last: date | None, shown: tuple[str, str, int]):
    """Events from 10 January 2023 to 15 March 2025: February 2023 is the first whole month, February 2025 the last."""
    assert names(months.asked(first, last, date(2023, 1, 10), date(2025, 3, 15))) == shown


@pytest.mark.parametrize("known_to", [date(2025, 2, 28), date(2025, 3, 30)])
def test_a_month_is_over_at_its_last_day(known_to: date):
    """February is over on the 28th, March not yet on the 30th."""
    assert names(months.asked(None, None, date(2025, 1, 1), known_to)) == ("2025-01", "2025-02", 2)


@pytest.mark.parametrize("begun", [date(2010, 1, 1), None, date(2025, 2, 20)])
def test_without_a_beginning_three_years_are_shown(begun: date | None):
    """When the sources began long ago, or told everything at once, or nobody knows when they began."""
    assert names(months.asked(None, None, begun, date(2025, 3, 1))) == ("2022-03", "2025-02", 36)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2025, 2, 1), date(2025, 1, 1), "from 2025-02 to 2025-01 there is no month"),
        (date(2025, 3, 1), None, "from 2025-03 to 2025-02 there is no month"),
        (None, date(2025, 3, 1), "2025-03 is not over: the last whole month that is known is 2025-02"),
    ],
)
def test_months_that_cannot_be_shown(first: date | None, last: date | None, said: str):
    """The wrong order, and a month that is not over, are told."""
    with pytest.raises(ChartError, match=said):
        months.asked(first, last, None, date(2025, 3, 15))


@pytest.mark.parametrize(
    ("day", "position"), [(date(2024, 2, 1), 1), (date(2024, 2, 2), 2), (date(2024, 2, 29), 2), (date(2024, 12, 1), 11)]
)
def test_a_plan_begins_with_its_first_whole_month(day: date, position: int):
    """A month that is half before the plan and half after it belongs to what was before."""
    assert months.starts(YEAR, [day]) == {position: day}


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 2), date(2025, 6, 1)])
def test_a_plan_must_have_months_on_both_sides(day: date):
    """Without a month before there is nothing to compare with, without one after nothing to compare."""
    with pytest.raises(ChartError, match=f"a plan that starts on {day} has no whole month both before and after it"):
        months.starts(YEAR, [day])
