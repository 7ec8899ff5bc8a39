"""Evaluations of a plan that will be refused because something else begins at the same time, in sentences."""

from collections.abc import Iterator, Mapping

from cli.offline.foreseeing.words import WORDS
from services.alerts.domain.evaluation.colliding import Colliding, colliding
from services.alerts.domain.evaluation.places import Sides
from services.alerts.domain.plan.plan import Plan
from shared.language.numbers import day


def collisions(plan: Plan, places: Mapping[str, Sides]) -> Iterator[str]:
    """A sentence for each, in the language of the plan."""
    return (_said(plan, one) for one in colliding(plan, places))


def _said(plan: Plan, found: Colliding) -> str:
    return WORDS[plan.language].collides.format(
        measure=found.measure.id,
        others=", ".join(one.id for one in found.others),
        first=day(found.first, plan.language),
        last=day(found.last, plan.language),
    )
