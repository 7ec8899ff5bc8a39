"""Who carries a measure out, and which units without it they are compared with."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from services.alerts.domain.plan.plan import Action, Evaluate, Plan, Unit
from shared.contracts.metrics import ALL


class Sides(NamedTuple):
    """The units that carry the measure out, those they are compared with, and what lies below each side, by id."""

    acted: list[Unit]
    compared: list[Unit]
    below: frozenset[str]
    below_compared: frozenset[str]


class UnknownUnitError(ValueError):
    """A unit that nothing is known of."""


def sides(plan: Plan, asked: Evaluate, units: Mapping[str, Unit]) -> Sides:
    """Both sides of a comparison; raises UnknownUnitError.

    A unit below another of its side is part of that one. Siblings are open units under the same one as a unit that
    carries it out. No unit that lies above or below one that carries it out is compared with.
    """
    names = named(plan, asked)
    if missing := [name for name in (*names, *asked.compare) if name not in units]:
        raise UnknownUnitError(missing[0])
    acted = _outermost([units[name] for name in names])
    beside = [units[name] for name in asked.compare] if asked.compare else _siblings(acted, units)
    compared = _outermost([one for one in beside if not any(_touch(one, own) for own in acted)])
    return Sides(acted, compared, _below(acted, units), _below(compared, units))


def _below(some: Sequence[Unit], units: Mapping[str, Unit]) -> frozenset[str]:
    return frozenset(one.id for one in units.values() if any(own.id in one.path[1:] for own in some))


def named(plan: Plan, asked: Evaluate) -> Sequence[str]:
    """The units that are said to carry a measure out."""
    return asked.units or plan.units or (ALL,)


def _outermost(units: Sequence[Unit]) -> list[Unit]:
    """Each unit once, and none that lies below another: what happens in it is counted there."""
    some = {one.id: one for one in units}
    return [one for one in some.values() if not any(above in some for above in one.path if above != one.id)]


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
