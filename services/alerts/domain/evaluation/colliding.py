"""Evaluations that will give no answer, seen beforehand: something else begins at the same time in the same units."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from services.alerts.domain.evaluation.others import NEAR, others
from services.alerts.domain.evaluation.places import Sides, UnknownUnitError, named, sides
from services.alerts.domain.evaluation.windows import windows
from services.alerts.domain.plan.plan import Action, Plan, Unit
from shared.contracts.metrics import ALL

UNNAMED = ""
"""A unit that stands for all those beside that a plan does not name."""


class Colliding(NamedTuple):
    """A measure whose evaluation will be refused, and those that begin from ``first`` to ``last`` in its units."""

    measure: Action
    others: Sequence[Action]
    first: date
    last: date


def colliding(plan: Plan, places: Mapping[str, Sides]) -> Iterator[Colliding]:
    """By what the plan says of when measures begin; ``places`` are the sides of each evaluation that can be told of."""
    for name, where in places.items():
        measure = plan.measures[name]
        if measure.evaluate is None:
            continue
        months = windows(measure.evaluate)
        if found := others(plan, measure, months, where, {}):
            yield Colliding(measure, found, measure.evaluate.start - NEAR, months.after[-1])


def places_of(plan: Plan, units: Mapping[str, Unit]) -> dict[str, Sides]:
    """Who carries out each measure that is evaluated, and who is compared; without those of units nobody knows."""
    found: dict[str, Sides] = {}
    for measure in plan.measures.values():
        if measure.evaluate:
            with suppress(UnknownUnitError):
                found[measure.id] = sides(plan, measure.evaluate, units)
    return found


def as_named(plan: Plan) -> dict[str, Unit]:
    """The units that a plan names, as if each lay right below everything, beside one that it does not name."""
    asked = [one.evaluate for one in plan.measures.values() if one.evaluate]
    names = {name for one in asked for name in (*named(plan, one), *one.compare)} | {*plan.units, *plan.local, UNNAMED}
    return {ALL: Unit(ALL, ALL, (ALL,))} | {name: Unit(name, name, (name, ALL)) for name in names - {ALL}}
