"""The four rules, each just met and just missed, on a phase with mean 10, near limits 6 and 14, limits 4 and 16."""

from collections.abc import Sequence

import pytest

from shared.statistics.special_causes import RULES, Limits, signals

PHASE = Limits(mean=10, lower=4, upper=16, near_lower=6, near_upper=14)


def marked(cause: str, values: Sequence[float]) -> str:
    """A character a value: what the rule makes of it."""
    found = [[signal.upwards for signal in each if signal.cause == cause] for each in signals(values, PHASE)]
    return "".join("^" if up == [True] else "v" if up == [False] else "." for up in found)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([16.01, 9], "^."),
        ([16, 9], ".."),
        ([3.99, 11], "v."),
        ([4, 11], ".."),
    ],
)
def test_outside(values: list[float], said: str):
    """Beyond a limit; on it is still within."""
    assert marked("outside", values) == said


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([7, 8, 9, 10, 11, 12, 13], "^^^^^^^"),
        ([7, 8, 9, 10, 11, 12], "......"),
        ([7, 8, 9, 10, 10, 11, 12, 13], "........"),
        ([13, 12, 11, 10, 9, 8, 7], "vvvvvvv"),
        ([13, 12, 11, 10, 9, 8, 8.5, 7], "........"),
        ([9, 7, 8, 9, 10, 11, 12, 13, 14, 13], ".^^^^^^^^."),
    ],
)
def test_trend(values: list[float], said: str):
    """Seven values, six steps the same way; six values are too few and a tie ends it. All of them are marked."""
    assert marked("trend", values) == said


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([14.1, 11, 14.1], "^.^"),
        ([14.1, 14.1, 11], "^^."),
        ([14.1, 14.1, 14.1], "^^^"),
        ([14, 11, 14.1], "..."),
        ([14.1, 9, 14.1], "..."),
        ([14.1, 10, 14.1], "..."),
        ([14.1, 11, 11, 14.1], "...."),
        ([14.1, 14.1], ".."),
        ([16, 11, 14.1], "^.^"),
        ([16.1, 11, 14.1], "..."),
        ([16.1, 14.1, 14.1], ".^^"),
        ([5.9, 5.9, 9], "vv."),
        ([6, 5.9, 9], "..."),
        ([5.9, 14.1, 5.9], "..."),
    ],
)
def test_two_of_three(values: list[float], said: str):
    """Two of three between near limit and limit, all three on one side; what is outside is not counted."""
    assert marked("two_of_three", values) == said


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([11, 12, 11, 12, 11, 12, 11], "^^^^^^^"),
        ([11, 12, 11, 12, 11, 12], "......"),
        ([11, 12, 11, 10, 12, 11, 12, 11], "........"),
        ([9, 8, 9, 8, 9, 8, 9], "vvvvvvv"),
        ([9, 8, 9, 11, 8, 9, 8, 9], "........"),
        ([11, 9, 8, 9, 8, 9, 8, 9, 8, 11], ".vvvvvvvv."),
    ],
)
def test_shift(values: list[float], said: str):
    """Seven values strictly on one side of the mean; one on the mean itself ends it."""
    assert marked("shift", values) == said


def test_what_says_most_comes_first():
    """Outside before trend before two of three before shift."""
    assert list(RULES) == ["outside", "trend", "two_of_three", "shift"]
    rising = signals([10.5, 11, 12, 13, 14.5, 15, 17], PHASE)
    assert [[signal.cause for signal in each] for each in rising[3:]] == [
        ["trend", "shift"],
        ["trend", "two_of_three", "shift"],
        ["trend", "two_of_three", "shift"],
        ["outside", "trend", "shift"],
    ]


def test_rounding_is_no_difference():
    """0.1 + 0.2 is not above a mean of 0.3."""
    level = Limits(mean=0.3, lower=0.1, upper=0.5, near_lower=0.2, near_upper=0.4)
    assert signals([0.1 + 0.2] * 7, level) == [()] * 7
