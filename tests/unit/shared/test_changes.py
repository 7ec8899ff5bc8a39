"""Changes of rates and means, against others' code and against what must hold of them."""

from math import exp, inf, isnan, log
from statistics import fmean

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from shared.statistics.bootstrap import block_bootstrap
from shared.statistics.clusters import at_a_time
from shared.statistics.difference import Change, change, of_means, of_rates
from shared.statistics.placebo import ENOUGH, Placebo, distance, placebo
from shared.statistics.rate_ratio import Counted, p_value, rate_ratio

counted = st.builds(Counted, st.integers(0, 60), st.floats(0.5, 500))


def test_rate_ratio():
    """20 in 100 person-years, then 5 in 50: half as many; the interval is that of the share 5 of 25, 0.068–0.407."""
    found = rate_ratio(Counted(20, 100), Counted(5, 50))
    share = stats.binomtest(5, 25).proportion_ci(method="exact")
    assert found.effect == pytest.approx(0.5)
    assert (found.low, found.high) == pytest.approx([2 * end / (1 - end) for end in (share.low, share.high)])


@given(counted, counted)
def test_interval_and_p_agree(before: Counted, after: Counted):
    """The interval leaves out 1 exactly when chance alone would change as much in under one case of twenty."""
    p = p_value(before, after)
    assume(abs(p - 0.05) > 1e-9)
    assert rate_ratio(before, after).spans(1) is (p > 0.05)


@given(counted, counted)
def test_p_is_twice_scipys_smaller_tail(before: Counted, after: Counted):
    """The tails are those of scipy's binomial test."""
    total, share = before.events + after.events, after.exposure / (before.exposure + after.exposure)
    assume(total)
    tails = [stats.binomtest(after.events, total, share, side).pvalue for side in ("less", "greater")]
    assert p_value(before, after) == pytest.approx(min(1, 2 * min(tails)), abs=1e-9)


def test_nothing_happened():
    """Without events nothing is known of a change, and chance explains it."""
    nothing = Counted(0, 10)
    assert isnan(rate_ratio(nothing, nothing).effect)
    assert rate_ratio(nothing, nothing).spans(1)
    assert p_value(nothing, nothing) == 1


def test_first_events_ever():
    """From none to some is a rise without an upper end."""
    found = rate_ratio(Counted(0, 10), Counted(9, 10))
    assert found.effect == found.high == inf
    assert found.low > 1


def test_difference_of_log_rates():
    """The effect is the plain ratio of rate ratios; with many events the interval is Woolf's."""
    acted = Change(Counted(400, 2000), Counted(150, 1000))
    others = Change(Counted(3000, 15000), Counted(1400, 7000))
    found = of_rates(acted, others)
    assert found.effect == pytest.approx((150 / 1000 / (400 / 2000)) / 1)
    error = (1 / 400 + 1 / 150 + 1 / 3000 + 1 / 1400) ** 0.5
    assert log(found.low) == pytest.approx(log(found.effect) - 1.96 * error, abs=0.01)
    assert log(found.high) == pytest.approx(log(found.effect) + 1.96 * error, abs=0.01)


@given(*[st.integers(0, 25)] * 4, st.floats(0.1, 3), st.floats(0.1, 3))
@settings(max_examples=60, deadline=None)
def test_difference_of_log_rates_is_fishers(a: int, b: int, c: int, d: int, exposed: float, theirs: float):
    """It leaves out no change exactly when Fisher's one-sided tests do, with equal exposures; and it always scales."""
    acted, others = (Change(Counted(*one), Counted(*two)) for one, two in (((b, 1), (a, 1)), ((d, 1), (c, 1))))
    found = of_rates(acted, others)
    tails = [stats.fisher_exact([[a, b], [c, d]], side).pvalue for side in ("less", "greater")]
    assume(abs(min(tails) - 0.025) > 1e-6)
    assert found.spans(1) is bool(min(tails) > 0.025)
    scaled = of_rates(Change(Counted(b, 1), Counted(a, exposed)), Change(Counted(d, 1), Counted(c, theirs)))
    assert scaled.low == pytest.approx(found.low * theirs / exposed)


def test_log_ratio_without_events():
    """Half an event on each side keeps it finite."""
    assert exp(Change(Counted(0, 2), Counted(0, 1)).log_ratio) == pytest.approx(2)


def test_difference_of_means_is_students():
    """With several units on both sides alike in spread it is a t interval around the difference."""
    others = [0.1, -0.4, 0.3, 0.9, -0.2]
    found = of_means([2.0], others)
    reach = stats.t.ppf(0.975, 4) * np.std(others, ddof=1) * (1 + 1 / 5) ** 0.5
    assert found == pytest.approx((2.0 - np.mean(others), 2.0 - np.mean(others) - reach, 2.0 - np.mean(others) + reach))


@pytest.mark.parametrize("others", [[], [1.0]])
def test_one_unit_alone_tells_nothing(others: list[float]):
    """Without two others nothing is known of what is usual."""
    assert of_means([5.0], others)[1:] == (-inf, inf)


def test_change_leaves_out_hidden_months():
    """Months without a value count on neither side; a side without values has no change."""
    assert change([1, None, 3], [None, 5]) == 3
    assert change([None], [5]) is None


def test_how_many_come_at_a_time():
    """One by one, six at a time, and a slow season, which is nearly none; of nothing nothing can be said."""
    chance = np.random.default_rng(1)
    single = [chance.poisson(4, 12).tolist() for _ in range(8)]
    six = [(6 * chance.poisson(1, 12)).tolist() for _ in range(8)]
    season = [chance.poisson(20 + 10 * np.sin(np.arange(12) * np.pi / 6)).tolist() for _ in range(8)]
    assert at_a_time(single) == at_a_time([[0, 0], []]) == at_a_time([]) == 1
    assert at_a_time(season) < 2 < np.var(season[0]) / np.mean(season[0])
    assert at_a_time(six) == pytest.approx(6, rel=0.25)
    assert at_a_time([[0, 0, 10, 0, 0]]) == 10


@given(
    st.lists(st.floats(-9, 9).map(lambda one: round(one, 3)), min_size=ENOUGH, max_size=60, unique=True), st.booleans()
)
def test_how_far_a_change_must_lie_to_stand_out(others: list[float], falls: bool):
    """A little farther it is not usual, and a little nearer it is."""
    reach, mean, way = distance(others, falls=falls), fmean(others), -1 if falls else 1
    assume(reach > 1e-3)
    assert not placebo(mean + way * reach * (1 + 1e-6), others).is_usual
    assert placebo(mean + way * reach * (1 - 1e-6), others).is_usual


def test_few_others_ask_for_no_distance():
    """They cannot show one in twenty."""
    assert distance([1.0, 2.0] * 9, falls=True) == 0


def test_placebo_counts_the_others():
    """A fall of 0.9 where the 19 others hardly changed: none changed as much, one in twenty."""
    found = placebo(-0.9, [0.01 * each for each in range(-9, 10)])
    assert found == Placebo(0, 19)
    assert found.p == 0.05


@given(st.lists(st.integers(-50, 50), min_size=20, max_size=20, unique=True))
def test_placebo_gives_each_rank_once(changes: list[int]):
    """Were each unit in turn the one with the action, one of twenty at most would be alone at the end."""
    found = [placebo(one, [other for other in changes if other != one]).p for one in changes]
    assert sum(p <= 0.05 for p in found) <= 1


def test_blocks_keep_months_together():
    """Values follow each other as in the history, around its end too."""
    drawn = block_bootstrap(range(10), 8, 4, 50, np.random.default_rng(1))
    assert drawn.shape == (50, 8)
    steps = np.diff(drawn.reshape(50, 2, 4), axis=2) % 10
    assert (steps == 1).all()
    assert len(np.unique(drawn)) == 10


def test_no_history():
    """There is nothing to draw from."""
    with pytest.raises(ValueError, match="no history"):
        block_bootstrap([], 8, 4, 50, np.random.default_rng(1))
