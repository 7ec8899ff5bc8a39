"""What a comparison of counts could see."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from shared.statistics.power import power, smallest_fall, smallest_rise
from shared.statistics.rate_ratio import Counted, p_value

LEAVERS = 0.2
"""A fifth leaves in a year."""
PLANS = ((1, 0.5), (2, 0.5), (2, 1), (3, 1))
"""Years before, years after."""
SEEN = {
    20: (None, None, None, None),
    40: (None, None, 0.05, 0.10),
    80: (0.05, 0.10, 0.25, 0.30),
    150: (0.25, 0.30, 0.40, 0.45),
    300: (0.40, 0.45, 0.55, 0.60),
    600: (0.55, 0.60, 0.70, 0.70),
}


@pytest.mark.parametrize(("staff", "seen"), SEEN.items())
def test_smallest_fall_that_shows(staff: int, seen: tuple[float | None, ...]):
    """The smallest change of a fifth leaving a year that shows in four cases of five, by staff and years."""
    found = tuple(smallest_fall(LEAVERS * staff * before, after / before) for before, after in PLANS)
    assert found == seen


def test_smallest_rise_that_shows():
    """A rise shows at a lower limit than a fall of the same size, for it makes more events; of none there is none."""
    assert power(16, 0.5, smallest_rise(16, 0.5) or 0) >= 0.8 > power(16, 0.5, (smallest_rise(16, 0.5) or 0) - 0.05)
    assert smallest_rise(0.1, 0.5) is None


@given(st.floats(0.5, 200), st.floats(0.1, 2))
@settings(max_examples=50)
def test_nothing_is_seen_where_nothing_is(expected: float, share: float):
    """Without a change the test says one in at most one case of twenty."""
    assert power(expected, share, 1) <= 0.05


@given(st.floats(0.5, 12), st.sampled_from([0.25, 0.5, 1.0]), st.sampled_from([0.2, 0.5, 1.5, 3.0]))
@settings(max_examples=20, deadline=None)
def test_the_power_is_that_of_the_test(expected: float, share: float, ratio: float):
    """Summed over all pairs of counts, it is the chance that the test's own p is at most 5 %."""
    means = (expected, expected * share * ratio)
    pairs = itertools.product(*(range(int(poisson.isf(1e-9, mean)) + 1) for mean in means))
    shown = sum(
        math.prod(poisson.pmf(pair, means))
        for pair in pairs
        if p_value(Counted(pair[0], 1), Counted(pair[1], share)) <= 0.05
    )
    assert power(expected, share, ratio) == pytest.approx(shown, abs=1e-6)
