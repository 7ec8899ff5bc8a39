"""Since when a plan has done something about a metric: what a control chart tells before and after of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.alerts.board.writing import Writing
from services.alerts.domain.letter.facts import title
from services.alerts.domain.plan.plan import Action, Plan, Unit
from services.alerts.domain.plan.progress import Name, Update, began
from shared.contracts.metrics import ALL


class Start(NamedTuple):
    """The day on which something began, and what."""

    on: date
    what: str


class Measured(NamedTuple):
    """A metric of a unit and an occupation."""

    metric: str
    unit: Unit
    occupation: str


def starts(
    plans: Iterable[Plan], told: Mapping[Name, Sequence[Update]], of: Measured, today: date, writing: Writing
) -> list[Start]:
    """When each measure that should move the metric began, the earliest first.

    It began on the day it was first said to be started or done, else on the first day of its trial. Of a plan that has
    begun none of them it is the day its promise about the metric is watched from.
    """
    found = [start for plan in plans for start in _of(plan, told, of, today, writing)]
    return sorted(start for start in found if start.on <= today)


def _of(plan: Plan, told: Mapping[Name, Sequence[Update]], of: Measured, today: date, writing: Writing) -> list[Start]:
    if plan.units and not set(plan.units) & {ALL, *of.unit.path}:
        return []
    targets = [one for one in plan.targets.values() if one.metric == of.metric]
    if of.occupation not in {plan.occupation, *map(plan.occupation_of, targets)}:
        return []
    named = {measure for target in targets for measure in target.measures}
    about = [
        one
        for one in plan.measures.values()
        if (of.metric in one.should_move or one.id in named) and one.unit in {None, *of.unit.path}
    ]
    days = [(one, _began(one, told.get((plan.id, one.id), ()), today)) for one in about]
    found = [Start(on, title(one.title, writing.language, plan.language)) for one, on in days if on and on <= today]
    watched = min((one.watch_from for one in targets if one.watch_from), default=None)
    return found or ([Start(watched, title(plan.title, writing.language, plan.language))] if watched else [])


def _began(measure: Action, told: Sequence[Update], today: date) -> date | None:
    return began(told, today) or (measure.trial.first if measure.trial else None)


def position(months: Sequence[date], start: date) -> int | None:
    """The place of the first whole month since a start, if there are months both before and after it.

    The month it falls in belongs to what was before.
    """
    found = next((n for n, month in enumerate(months) if month.replace(day=1) >= start), 0)
    return found or None
