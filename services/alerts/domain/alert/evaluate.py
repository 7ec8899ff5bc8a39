"""A value against a target: does it breach, is it clear, and can chance explain it?"""

from typing import Literal

from services.alerts.domain.alert.observation import number
from services.alerts.domain.plan.plan import Limit, Target
from services.alerts.domain.trend.finding import Ruled
from shared.contracts.metrics import MetricValue

Verdict = Literal["breach", "between", "clear", "unknown"]


def compared(target: Target, measured: MetricValue | None, ruled: Ruled | None = None) -> Verdict:
    """What a value means to a target. No value is ``unknown``: no data is not all clear.
    Nor is a stale value: it ends no breach. Where a target has a rule it is what the rule tells (``ruled``).

    ``between`` lies past neither limit; so does a breach that chance can explain where confirmation is required.
    """
    value = number(measured)
    if target.breach is None:
        return ruled.told if ruled else "unknown"
    if value is None:
        return "unknown"
    if target.breach.passed(value):
        explained = target.require_confirmation and not confirmed(target.breach, measured)
        return "between" if explained else "breach"
    if measured and measured.fresh_until:
        return "unknown"
    return "clear" if target.clear is None or target.clear.passed(value) else "between"


def confirmed(breach: Limit | None, measured: MetricValue | None) -> bool | None:
    """Whether the 95 % interval lies wholly past the limit; None where there is no interval, or no limit."""
    if breach is None or measured is None or measured.low is None or measured.high is None:
        return None
    return breach.passed(measured.low if breach.side == "above" else measured.high)
