"""What an evaluation is asked of: the measure, whose plan said it, its months and whom it is about."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from services.alerts.domain.evaluation.others import elsewhere, others
from services.alerts.domain.evaluation.places import Sides, UnknownUnitError, named, sides
from services.alerts.domain.evaluation.verdict import AskedEvaluation, Registered
from services.alerts.domain.evaluation.windows import Windows, windows
from services.alerts.domain.plan.plan import Action, Evaluate, Plan, Unit
from shared.contracts.catalogue import BY_NAME
from shared.language.refusal import SaidError
from shared.written.faults import meant


class EvaluationError(SaidError):
    """There is no such evaluation; the sentence says why."""


class Asking(NamedTuple):
    """A measure that its plan says how to evaluate."""

    plan: Plan
    measure: Action
    evaluate: Evaluate
    months: Windows
    registered: Registered
    known_to: date

    def places(self, units: Mapping[str, Unit]) -> Sides:
        """Who carries it out and who is compared; raises EvaluationError for a unit that is unknown."""
        try:
            return sides(self.plan, self.evaluate, units)
        except UnknownUnitError as error:
            name = str(error)
            near = meant(name, units)
            raise EvaluationError(
                f'inget är känt om enheten "{name}"{near.sv}', f'nothing is known of unit "{name}"{near.en}'
            ) from None

    def each(self, places: Sides, began: Mapping[str, date]) -> Iterator[AskedEvaluation]:
        """What is asked by each metric; ``began`` is when measures were reported to be on their way, by id."""
        own, beside = (
            [_title(one, self.plan) for one in found(self.plan, self.measure, self.months, places, began)]
            for found in (others, elsewhere)
        )
        for metric in self.evaluate.metrics:
            yield AskedEvaluation(
                self.plan,
                self.measure,
                self.evaluate,
                BY_NAME[metric],
                self.months,
                self.known_to,
                self.registered,
                own,
                beside,
            )


def asked_of(plan: Plan, measure: str, registered: Registered, known_to: date) -> Asking:
    """A measure by its id; raises EvaluationError where the plan has none, or does not say how to evaluate it."""
    if measure not in plan.measures:
        near = meant(measure, plan.measures)
        raise EvaluationError(
            f'planen "{plan.id}" har ingen åtgärd "{measure}"{near.sv}',
            f'plan "{plan.id}" has no measure "{measure}"{near.en}',
        )
    found = plan.measures[measure]
    if found.evaluate is None:
        raise EvaluationError(
            f'planen "{plan.id}" säger inte hur "{measure}" ska utvärderas: den har inget "evaluate"',
            f'plan "{plan.id}" does not say how to evaluate "{measure}": it has no "evaluate"',
        )
    if unknown := [name for name in found.evaluate.metrics if name not in BY_NAME]:
        near = meant(unknown[0], BY_NAME)
        raise EvaluationError(
            f'den här versionen har inget mått "{unknown[0]}"{near.sv}',
            f'this release has no metric "{unknown[0]}"{near.en}',
        )
    return Asking(plan, found, found.evaluate, windows(found.evaluate), registered, known_to)


def registered(plan: Plan, measure: str, then: Plan | None) -> Registered:
    """Whether the plan that held on the day of the start, if any did, said the same, and of the same people."""
    if then is None or (said := _said(then, measure)) is None:
        return "absent"
    return "unchanged" if said == _said(plan, measure) else "changed"


def _said(plan: Plan, measure: str) -> tuple[Evaluate, Collection[str], str] | None:
    """How a measure shall be evaluated, and whom the plan says that it is of where the measure itself does not."""
    found = plan.measures.get(measure)
    if found is None or found.evaluate is None:
        return None
    return found.evaluate, set(named(plan, found.evaluate)), plan.occupation


def _title(measure: Action, plan: Plan) -> str:
    return measure.title.get(plan.language) or next(iter(measure.title.values()))
