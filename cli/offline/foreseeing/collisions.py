"""Evaluations of a plan that will be refused because something else begins at the same time, in sentences."""

from collections.abc import Iterator, Mapping

from cli.offline.foreseeing.words import WORDS
from services.alerts.domain.evaluation.colliding import Colliding, colliding
from services.alerts.domain.evaluation.places import Sides
from services.alerts.domain.plan.plan import Plan
from shared.language.language import Language
from shared.language.numbers import day


def collisions(plan: Plan, places: Mapping[str, Sides], language: Language) -> Iterator[str]:
    """A sentence for each."""
    return (_said(one, language) for one in colliding(plan, places))


def _said(found: Colliding, language: Language) -> str:
    return WORDS[language].collides.format(
        measure=found.measure.id,
        others=", ".join(one.id for one in found.others),
        first=day(found.first, language),
        last=day(found.last, language),
    )
