"""Numbers as the table of ``stadga compute`` writes them."""

import pytest

from cli.offline.computing.output import shown
from cli.offline.computing.rows import Number
from shared.contracts.metrics import Status


def number(value: float | None, status: Status = "final") -> Number:
    """A number without anything behind it."""
    return Number(value, None, None, None, None, status)


@pytest.mark.parametrize(
    ("metric", "value", "text"),
    [
        ("sick_rate", 0.0512, "5.1%"),
        ("pay_median", 40_620.49, "40,620"),
        ("pay_p90_p10", 1.3345, "1.33"),
        ("caseload", 15.96, "16.0"),
    ],
)
def test_units(metric: str, value: float, text: str):
    """Shares are in per cent, pay in whole kronor, quotients have two decimals, all else one."""
    assert shown(metric, number(value)) == text


def test_statuses():
    """What has no number says why; a number of low reliability is marked."""
    assert shown("pay_median", number(None, "suppressed")) == "hidden"
    assert shown("pay_median", number(None, "not_applicable")) == "–"
    assert shown("referral_survival", number(0.75, "low_reliability")) == "~75.0%"
