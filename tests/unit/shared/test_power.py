"""What a comparison of counts could see."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from shared.statistics import difference, placebo
from shared.statistics.difference import Change
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
    """Summed over all pairs of counts that go that way, it is the chance that the test's own p is at most 5 %."""
    means = (expected, expected * share * ratio)
    pairs = itertools.product(*(range(int(poisson.isf(1e-9, mean)) + 1) for mean in means))
    shown = sum(
        math.prod(poisson.pmf(pair, means))
        for pair in pairs
        if (pair[1] < pair[0] * share) == (ratio < 1) and p_value(Counted(pair[0], 1), Counted(pair[1], share)) <= 0.05
    )
    assert power(expected, share, ratio) == pytest.approx(shown, abs=1e-6)


OTHERS = [4.0, 6, 9, 12, 15, 20, 24, 30, 38, 46]
"""Events to expect before in units beside."""


@pytest.mark.parametrize(
    ("expected", "share", "ratio", "others"),
    [(24, 0.5, 0.4, OTHERS), (24, 0.5, 0.4, OTHERS * 2), (60, 1, 0.5, OTHERS * 2), (20, 1, 2.5, OTHERS * 4)],
)
def test_the_power_beside_others_is_as_promised(expected: float, share: float, ratio: float, others: list[float]):
    """As often as drawn counts are called a change: by the interval against the others, and as one in twenty."""
    chance, number = np.random.default_rng(4), 600
    seen = sum(shown(chance, expected, share, ratio, others) for _ in range(number))
    promised = power(expected, share, ratio, others)
    assert seen / number == pytest.approx(promised, abs=3 * math.sqrt(promised * (1 - promised) / number))
    assert power(expected, share, 1, others) <= 0.025


def shown(chance: np.random.Generator, expected: float, share: float, ratio: float, others: list[float]) -> bool:
    """Whether a drawn change is called one, the way it was made."""
    means = np.array([expected, *others])
    changes = [
        Change(Counted(int(before), 1), Counted(int(after), share))
        for before, after in zip(
            chance.poisson(means), chance.poisson(means * share * [ratio, *np.ones(len(others))]), strict=True
        )
    ]
    beside = Change(*(Counted(sum(one[n].events for one in changes[1:]), (1, share)[n]) for n in (0, 1)))
    found = difference.of_rates(changes[0], beside)
    usual = np.log((beside.after.events + 0.5) / (beside.before.events + 0.5))
    own, *theirs = (float(placebo.standardised(one.before.events, one.after.events, usual)) for one in changes)
    called = found.high < 1 if ratio < 1 else found.low > 1
    return called and not placebo.placebo(own, theirs).is_usual


def test_nearest_changes_are_seen_by_their_power():
    """Beside others the nearest ratio is the first that is seen often enough, of many and of few events."""
    for expected in (40.0, 2000.0):
        found = smallest_fall(expected, 1, OTHERS * 2)
        assert found
        assert power(expected, 1, found, OTHERS * 2) >= 0.8 > power(expected, 1, found + 0.05, OTHERS * 2)
