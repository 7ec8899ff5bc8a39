"""What a sound plan leaves unsaid on a day: targets that nothing is judged of yet, or that nobody is mailed of yet."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple

from services.alerts.domain.plan.plan import Plan, Target
from shared.contracts.catalogue import BY_NAME
from shared.contracts.catalogue.reach import complete_from

Cause = Literal["known_from", "since", "watch_from"]


class Silence(NamedTuple):
    """Nothing is heard of a target (in ``unit``, if that adapts it) before ``until``, because of what the plan says."""

    cause: Cause
    target: str
    unit: str | None
    until: date


def silences(plan: Plan, today: date, window_days: int) -> Iterator[Silence]:
    """Every target that is silent on a day, and until when, with values of a window of so many days."""
    every = [(None, plan.targets), *plan.local.items()]
    for unit, target in ((unit, one) for unit, targets in every for one in targets.values()):
        judged = _judged_from(plan, target, window_days)
        if judged and judged > today:
            yield Silence("known_from", target.id, unit, judged)
        elif target.rule and target.rule.since > max(today, target.watch_from or today):
            yield Silence("since", target.id, unit, target.rule.since)
        elif target.watch_from and target.watch_from > today:
            yield Silence("watch_from", target.id, unit, target.watch_from)


def _judged_from(plan: Plan, target: Target, window_days: int) -> date | None:
    """The first day on which a target can be judged: a day ahead is known of earlier than it comes."""
    if plan.known_from is None or target.rule:
        return None
    ahead = timedelta(max(target.look_ahead, default=0))
    return complete_from(BY_NAME[target.metric], plan.known_from, window_days) - ahead
