"""Other measures of the plan that began at the same time: in the same units, whose the effect is can't be told."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from services.alerts.domain.evaluation.places import Sides, carried_out_in
from services.alerts.domain.evaluation.windows import Windows
from services.alerts.domain.plan.plan import Action, Plan, Unit

NEAR = timedelta(days=92)
"""What begins so long before the start may still be taking effect after it."""


def others(plan: Plan, measure: Action, months: Windows, places: Sides, began: Mapping[str, date]) -> list[Action]:
    """Measures that begin from shortly before the start until the months after are over, in a unit that carries this
    one out, or below one; not those that all units compared with have too: what these do falls out. ``began`` is when
    measures were reported to be on their way, by id; what the plan says of them counts as well.
    """
    begun = _begun(plan, measure, months, began)
    return [one for one in begun if _here(plan, one, places) and not _everywhere(plan, one, places)]


def elsewhere(plan: Plan, measure: Action, months: Windows, places: Sides, began: Mapping[str, date]) -> list[Action]:
    """Measures that begin in the same time in some of the units compared with, or below one, and in none that carries
    this one out: they move what it is compared with.
    """
    begun = _begun(plan, measure, months, began)
    return [one for one in begun if _beside(plan, one, places) and not _here(plan, one, places)]


def _begun(plan: Plan, measure: Action, months: Windows, began: Mapping[str, date]) -> Iterator[Action]:
    if measure.evaluate is None:
        return
    first, last = measure.evaluate.start - NEAR, months.after[-1]
    for one in plan.measures.values():
        if one.id != measure.id and any(first <= day <= last for day in _begins(one, began.get(one.id))):
            yield one


def _begins(one: Action, reported: date | None) -> Iterator[date]:
    if reported:
        yield reported
    if one.evaluate:
        yield one.evaluate.start
    elif one.trial and one.trial.first:
        yield one.trial.first


def _here(plan: Plan, one: Action, places: Sides) -> bool:
    at = carried_out_in(plan, one)
    return any(_in(unit, at) for unit in places.acted) or not places.below.isdisjoint(at)


def _everywhere(plan: Plan, one: Action, places: Sides) -> bool:
    at = carried_out_in(plan, one)
    return bool(places.compared) and all(_in(unit, at) for unit in places.compared)


def _beside(plan: Plan, one: Action, places: Sides) -> bool:
    at = carried_out_in(plan, one)
    return any(_in(unit, at) for unit in places.compared) or not places.below_compared.isdisjoint(at)


def _in(unit: Unit, at: Collection[str]) -> bool:
    return any(place in at for place in unit.path)
