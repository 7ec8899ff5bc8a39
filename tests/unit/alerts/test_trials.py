"""A slice of the trials of nothing and of a halving (``python -m tests.harm.trials``)."""

from collections import Counter

import numpy as np

from shared.statistics.intervals import binomial_share
from tests.harm.trials import trials


def test_nothing_is_seldom_called_something():
    """Of forty actions that did nothing, the interval of those called improved, or worsened, reaches 5 % and below."""
    found = Counter(trial.verdict for trial in trials(40, 1.0, 5))
    for verdict in ("improved", "worsened"):
        assert binomial_share(found[verdict], 40)[0] <= 0.05


def test_a_halving_is_seen_about_as_often_as_promised():
    """The share of forty halvings that are seen goes with what was promised."""
    found = list(trials(40, 0.5, 6))
    low, high = binomial_share(sum(trial.verdict == "improved" for trial in found), 40)
    assert low <= np.mean([trial.promised for trial in found]) <= high
