"""The catalogue says how far back each metric looks, and its formula does."""

import pytest

from services.metrics.domain.coverage.kinds import needs
from shared.contracts.catalogue import BY_NAME
from shared.contracts.catalogue.reach import Reach, reach


@pytest.mark.parametrize("metric", BY_NAME)
def test_the_catalogue_says_what_the_formula_reads(metric: str):
    """The furthest of what it reads; nothing is read both over a window and as of a day."""
    days, (windowed,) = max(need.days for need in needs(metric)), {need.windowed for need in needs(metric)}
    assert Reach(days, windowed) == reach(metric)
