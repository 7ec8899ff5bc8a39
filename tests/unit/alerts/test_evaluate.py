"""A value against a target."""

import pytest

from services.alerts.domain.alert.evaluate import Verdict, compared, confirmed
from services.alerts.domain.plan.plan import Limit
from shared.contracts.metrics import MetricValue
from tests.unit.alerts.stories import BAD, GOOD, MIDDLE, SUPPRESSED, target, value

ABOVE, BELOW = Limit("above", 0.15), Limit("below", 0.15)

VERDICTS: list[tuple[str, MetricValue | None, Verdict]] = [
    ("past the limit is a breach", value(BAD), "breach"),
    ("on the limit is no breach", value(0.15), "between"),
    ("between the limits is neither", value(MIDDLE), "between"),
    ("on the clear limit is not clear", value(0.12), "between"),
    ("past the clear limit is clear", value(GOOD), "clear"),
    ("suppressed says nothing", SUPPRESSED, "unknown"),
    ("inapplicable says nothing", MetricValue(status="not_applicable", definition="d"), "unknown"),
    ("nothing says nothing", None, "unknown"),
    ("little reliable is still a value", MetricValue(status="low_reliability", definition="d", value=BAD), "breach"),
]


@pytest.mark.parametrize(("measured", "verdict"), [v[1:] for v in VERDICTS], ids=[v[0] for v in VERDICTS])
def test_verdict(measured: MetricValue | None, verdict: Verdict):
    """A value means to a target what the sentence of the case says."""
    assert compared(target(), measured) == verdict


CONFIRMED: list[tuple[str, Limit, MetricValue, bool | None]] = [
    ("above: the whole interval lies above", ABOVE, value(0.3, 0.16, 0.5), True),
    ("above: the limit lies in the interval", ABOVE, value(0.3, 0.10, 0.5), False),
    ("below: the whole interval lies below", BELOW, value(0.1, 0.05, 0.14), True),
    ("below: the limit lies in the interval", BELOW, value(0.1, 0.05, 0.20), False),
    ("without an interval nobody can tell", ABOVE, value(0.3), None),
]


@pytest.mark.parametrize(("limit", "measured", "expected"), [c[1:] for c in CONFIRMED], ids=[c[0] for c in CONFIRMED])
def test_confirmed(limit: Limit, measured: MetricValue, expected: bool | None):
    """A breach is confirmed when chance does not explain it."""
    assert confirmed(limit, measured) is expected


def test_required_confirmation_holds_a_breach_back():
    """Where the plan requires confirmation, a breach that chance can explain is neither breach nor clear."""
    careful = target(require_confirmation=True)
    assert [compared(careful, value(0.3, low, 0.5)) for low in (0.10, 0.16)] == ["between", "breach"]
