"""Who carries a measure out, and which units without it they are compared with."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from services.alerts.domain.plan.plan import Action, Evaluate, Plan, Unit
from shared.contracts.metrics import ALL


class Sides(NamedTuple):
    """The units that carry the measure out, those they are compared with, and what lies below the former, by id."""

    acted: list[Unit]
    compared: list[Unit]
    below: frozenset[str]


class UnknownUnitError(ValueError):
    """A unit that nothing is known of."""


def sides(plan: Plan, asked: Evaluate, units: Mapping[str, Unit]) -> Sides:
    """Both sides of a comparison; raises UnknownUnitError.

    Siblings are open units under the same one as a unit that carries it out. No unit that lies above or below one that
    carries it out is compared with.
    """
    names = asked.units or plan.units or (ALL,)
    if missing := [name for name in (*names, *asked.compare) if name not in units]:
        raise UnknownUnitError(missing[0])
    acted = [units[name] for name in names]
    named = [units[name] for name in asked.compare] if asked.compare else _siblings(acted, units)
    below = frozenset(one.id for one in units.values() if any(own.id in one.path[1:] for own in acted))
    return Sides(acted, [one for one in named if not any(_touch(one, own) for own in acted)], below)


def _siblings(acted: Sequence[Unit], units: Mapping[str, Unit]) -> list[Unit]:
    above = {one.path[1] for one in acted if len(one.path) > 1}
    found = (one for one in units.values() if len(one.path) > 1 and one.path[1] in above and not one.closed)
    return sorted(found, key=lambda one: one.id)


def _touch(one: Unit, other: Unit) -> bool:
    return one.id in other.path or other.id in one.path


def carried_out_in(plan: Plan, measure: Action) -> Collection[str]:
    """The units that a measure is of, with what lies below them."""
    if measure.evaluate and measure.evaluate.units:
        return measure.evaluate.units
    return (measure.unit,) if measure.unit else plan.units or (ALL,)
