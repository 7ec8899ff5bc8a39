"""One target of a plan tried by itself, as it is and with another limit."""

import math

import msgspec

from services.alerts.domain.plan.bounds import pointless
from services.alerts.domain.plan.plan import Limit, Plan, Target
from shared.contracts.catalogue import BY_NAME
from shared.contracts.metrics import RESTATED_DAYS


class UnreadableError(ValueError):
    """What somebody wrote is no limit, or no number of days."""


class PointlessError(ValueError):
    """What somebody wrote is a limit that every value is past, or none can be."""


def alone(plan: Plan, target: Target) -> Plan:
    """The plan with this target in the place of its own, and no other; a unit that adapted it keeps its own."""
    local = {unit: {target.id: adapted[target.id]} for unit, adapted in plan.local.items() if target.id in adapted}
    return msgspec.structs.replace(plan, targets={target.id: target}, local=local)


def moved(target: Target, held: Limit, limit: float, hold: int, *, confirmation: bool) -> Target:
    """The target with another limit than it is ``held`` to; where it ends at a limit of its own, that moves as far."""
    breach, end = msgspec.structs.replace(held, value=limit), target.clear
    if end:
        end = msgspec.structs.replace(end, value=round(end.value + limit - held.value, 10))
    return msgspec.structs.replace(
        target, breach=breach, clear=end, hold=hold, require_confirmation=confirmation and can_be_confirmed(target)
    )


def can_be_confirmed(target: Target) -> bool:
    """Whether its metric has an interval, by which chance can be told."""
    return BY_NAME[target.metric].interval != "none"


def limit_of(written: str, target: Target, held: Limit) -> float:
    """The limit that somebody wrote in the place of the one ``held``, with a comma or a point, a share in per cent.

    Raises UnreadableError of what is none, and PointlessError of one that tells no values apart.
    """
    try:
        found = float("".join(written.split()).replace(",", ".").removesuffix("%"))
    except ValueError:
        raise UnreadableError(written) from None
    if not math.isfinite(found):
        raise UnreadableError(written)
    metric = BY_NAME[target.metric]
    limit = round(found / 100, 10) if metric.unit == "ratio" else found
    if pointless(metric, msgspec.structs.replace(held, value=limit)):
        raise PointlessError(written)
    return limit


def days_of(written: str) -> int:
    """How many days a breach shall hold; raises UnreadableError."""
    if written not in map(str, range(RESTATED_DAYS + 1)):
        raise UnreadableError(written)
    return int(written)
