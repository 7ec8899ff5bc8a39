"""The bounds of a load can fail: what grows is told from what does not."""

import math
import random

import pytest

from tests.harm.verdict import Point, bounded, climb, flat, outside, quantile, within

HOUR, LOOK = 3_600.0, 10


def series(start: float, an_hour: float, noise: float = 0.0) -> list[Point]:
    """An hour of looks at something that grows."""
    chance = random.Random(1)  # noqa: S311
    return [(at, start + an_hour * at / HOUR + chance.uniform(-noise, noise)) for at in range(0, int(HOUR), LOOK)]


def test_memory_that_stays_is_flat_in_spite_of_noise():
    assert all(bound.holds for bound in flat("memory", series(300, 0, noise=30), HOUR))


@pytest.mark.parametrize("an_hour", [150, 300, 1_000])
def test_memory_that_grows_by_half_an_hour_is_not_flat(an_hour: float):
    assert not all(bound.holds for bound in flat("memory", series(300, an_hour, noise=10), HOUR))


def test_memory_that_climbs_after_the_middle_is_not_flat():
    late = [(at, value + max(0.0, at - 0.6 * HOUR) / 10) for at, value in series(300, 0)]
    assert not all(bound.holds for bound in flat("memory", late, HOUR))


def test_memory_that_stepped_up_early_and_stays_is_flat():
    stepped = [(at, value + 200 * (at > 0.2 * HOUR)) for at, value in series(300, 0)]
    assert all(bound.holds for bound in flat("memory", stepped, HOUR))


def test_what_waits_ever_longer_is_not_bounded():
    assert not bounded("waiting", series(0, 100_000), HOUR, 3_800, "").holds


def test_a_heap_that_is_worked_off_is_bounded():
    heap = [(at, 60_000.0 if 0.6 < at / HOUR < 0.7 else 100.0) for at in range(0, int(HOUR), LOOK)]
    assert bounded("waiting", heap, HOUR, 3_800, "").holds


def test_a_little_may_always_wait():
    assert bounded("waiting", series(0, 1_000), HOUR, 3_800, "").holds


def test_what_was_never_seen_holds_nothing():
    assert not bounded("waiting", [], HOUR, 10, "").holds
    assert not any(bound.holds for bound in flat("memory", [], HOUR))
    assert quantile([], 0.99) == math.inf


def test_a_climb_is_what_a_line_climbs():
    assert climb(series(7, 360)) == pytest.approx(0.1)


def test_a_single_wild_point_is_no_climb():
    assert climb([*series(7, 0), (HOUR, 1e9)]) == 0


def test_spans_are_left_out_with_their_ends():
    points = [(float(at), float(at)) for at in range(6)]
    assert outside(points, [(1, 2), (4, 4)]) == [0, 3, 5]
    assert within(points, (0.2, 0.6), 5) == [(1, 1), (2, 2), (3, 3)]


def test_a_percentile_is_one_of_the_values():
    assert quantile([3, 1, 2], 0.99) == 3
