"""Fisher's exact comparison, against another's."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import hypergeom
from scipy.stats.contingency import odds_ratio

from shared.statistics import fisher

FEW = st.integers(0, 60)


@given(FEW, FEW, FEW, FEW)
def test_tail_and_interval_are_those_of_the_hypergeometric(later: int, before: int, theirs: int, once: int):
    """The chance of so few, and the ratios of odds that are not excluded, 0 and infinity among them."""
    table = [[later, before], [theirs, once]]
    assume(all(map(sum, table)) and all(map(sum, zip(*table, strict=True))))
    whole = later + before + theirs + once
    expected = hypergeom.cdf(later, whole, later + theirs, later + before)
    assert fisher.fewer(later, later + before, theirs, theirs + once) == pytest.approx(expected, abs=1e-7)
    known = odds_ratio(table).confidence_interval(0.95)
    assert fisher.interval(table) == pytest.approx((known.low, known.high), rel=1e-4)


def test_fewer_than_none():
    """Cannot be, also where so few come later of the others' that there would be less than none in all."""
    with np.errstate(invalid="raise"):
        assert fisher.fewer(np.array([-1.0]), np.array([3.0]), 0.5, 2.0).tolist() == [0.0]
