"""Where a series begins."""

import pytest

from shared.contracts.metrics import MetricValue
from tests.unit.cli.charting.drawing import ABSENT, HIDDEN, series


@pytest.mark.parametrize(
    ("values", "left"),
    [
        ([ABSENT, ABSENT, 0.05, ABSENT, 0.05], 3),
        ([0.0, 0.05], 2),
        ([HIDDEN, 0.05], 2),
        ([ABSENT, ABSENT], 2),
    ],
)
def test_begun(values: list[float | MetricValue], left: int):
    """Months before there was anything to measure are left out; zeros, hidden ones and a series of nothing are not."""
    found = series(values).begun()
    assert (len(found.months), len(found.values)) == (left, left)
    assert found.months[-1] == series(values).months[-1]
