"""A value against a target: does it breach, is it clear, and can chance explain it?"""

from typing import Literal

from services.alerts.domain.alert.observation import number
from services.alerts.domain.plan.plan import Limit, Target
from shared.contracts.metrics import MetricValue

Verdict = Literal["breach", "between", "clear", "unknown"]


def compared(target: Target, measured: MetricValue | None) -> Verdict:
    """What a value means to a target. No value is ``unknown``: no data is not all clear.
    Nor is a stale value: it ends no breach.

    ``between`` lies past neither limit; so does a breach that chance can explain where confirmation is required.
    """
    value = number(measured)
    if value is None:
        return "unknown"
    if target.breach.passed(value):
        explained = target.require_confirmation and not confirmed(target.breach, measured)
        return "between" if explained else "breach"
    if measured and measured.fresh_until:
        return "unknown"
    return "clear" if target.clear is None or target.clear.passed(value) else "between"


def confirmed(breach: Limit, measured: MetricValue | None) -> bool | None:
    """Whether the 95 % interval lies wholly past the limit; None where there is no interval."""
    if measured is None or measured.low is None or measured.high is None:
        return None
    return breach.passed(measured.low if breach.side == "above" else measured.high)
