"""What is known of a series since something was begun, against hand-worked series."""

import random
from collections.abc import Sequence

import pytest

from shared.statistics.control_chart import chart
from shared.statistics.verdict import Average, Verdict, needed_in_a_row

BEFORE: list[float | None] = [10.0, 12, 11] * 4
"""A year about 11."""
HIGH, LOW = [13.0, 12, 13, 12, 13, 12, 13], [9.0, 10, 9, 10, 9, 10, 9]


def since(after: Sequence[float | None], before: Sequence[float | None] = BEFORE) -> Verdict:
    """The verdict on what came after a start."""
    return chart([*before, *after], [len(before)]).verdicts[0]


@pytest.mark.parametrize(("after", "upwards"), [(HIGH, True), (LOW, False)])
def test_seven_months_on_one_side_are_a_shift(after: list[float], upwards: bool):
    """With the means and months of before and since."""
    found = since(after)
    assert (found.kind, found.upwards, found.run, found.redrawn) == ("shift", upwards, 7, False)
    assert (found.before, found.after) == (Average(11, 12), Average(pytest.approx(sum(after) / 7), 7))


def test_six_months_are_too_few():
    """However far away they are; how many lie outside the limits is told."""
    found = since([40.0] * 6)
    assert (found.kind, found.upwards, found.outside) == ("too_few", None, 6)


def test_eleven_months_before_are_too_few():
    """A mean of so few is no measure for what comes after."""
    assert since(HIGH, BEFORE[:11]).kind == "too_few"
    assert since(HIGH, [*BEFORE[:11], None]).kind == "too_few"


def test_months_on_both_sides_are_no_change():
    """As before."""
    found = since([10.0, 12, 11, 12, 10, 11, 12, 10])
    assert (found.kind, found.upwards, found.run) == ("none", None, 0)


def test_seven_months_each_higher_than_the_one_before_are_a_trend():
    """From below the mean of before to above it: no shift, and yet no chance."""
    found = since([9.5, 10, 10.5, 10.8, 11.2, 11.5, 12])
    assert (found.kind, found.upwards, found.run) == ("trend", True, 7)


def test_a_shift_goes_before_a_trend():
    """Seven rising months that are all high are a new level first."""
    assert since([11.1, 11.2, 11.3, 11.4, 11.5, 11.6, 11.7]).kind == "shift"


def test_a_missing_month_ends_a_run():
    """Nobody knows on which side it was."""
    assert since([*HIGH[:4], None, *HIGH[:4]]).kind == "none"


def test_a_shift_is_over_once_seven_months_came_without_it():
    """Six months about the old mean leave it standing, the seventh ends it."""
    back = [10.0, 12, 10, 12, 10, 12, 10]
    assert since([*HIGH, *back[:6]]).kind == "shift"
    assert since([*HIGH, *back]).kind == "none"


def test_the_latest_of_two_shifts_counts():
    """Up, and then down below what was before."""
    found = since([*HIGH, *LOW])
    assert (found.kind, found.upwards, found.run) == ("shift", False, 7)


def test_a_change_of_half_a_year_that_ends_draws_no_limits_anew():
    """Only a shift that still stands when there are twelve months since the start does."""
    back = [10.0, 12, 10, 12, 10]
    assert not since([*HIGH, *back]).redrawn
    assert since([*HIGH, *HIGH[:5]]).redrawn


def test_months_that_are_alike_need_a_longer_run():
    """Alternating months know nothing of each other; a slow wave of three years makes runs of its own."""
    assert needed_in_a_row(BEFORE) == 7
    assert needed_in_a_row([5.0] * 24) == 8
    wave = [10 + abs(n % 12 - 6) for n in range(36)]
    assert needed_in_a_row(wave) > 24
    assert since([20.0] * 12, wave).kind == "too_few"


def test_where_months_are_alike_chance_is_seldom_taken_for_a_change():
    """Each month half the one before and half anew, a third of all such series would show seven in a row."""
    chance, found = random.Random(9), []  # noqa: S311  (a seed makes the same series each time)
    for _ in range(500):
        months = [chance.gauss(0, 1)]
        while len(months) < 36:
            months.append(0.5 * months[-1] + chance.gauss(0, 0.866))
        found.append(since(months[24:], months[:24]))
    assert sum(one.upwards is not None for one in found) < 50


def test_how_often_chance_alone_is_taken_for_a_change():
    """Of 1,000 series in which nothing happened, 24 months before and 12 since: few, and as many up as down."""
    chance = random.Random(7)  # noqa: S311  (a seed makes the same series each time)
    found = [
        since(months[24:], months[:24]) for months in ([chance.gauss(0, 1) for _ in range(36)] for _ in range(1000))
    ]
    changed = [one.upwards for one in found if one.upwards is not None]
    assert len(changed) < 80
    assert 0.3 < sum(changed) / len(changed) < 0.7


def test_how_often_a_change_of_two_deviations_is_seen():
    """Of 500 such series nearly all are called, and none the wrong way."""
    chance = random.Random(8)  # noqa: S311  (a seed makes the same series each time)
    series = [[chance.gauss(2.0 * (n >= 24), 1) for n in range(36)] for _ in range(500)]
    found = [since(months[24:], months[:24]) for months in series]
    assert sum(one.kind == "shift" for one in found) > 375
    assert not any(one.upwards is False for one in found)
