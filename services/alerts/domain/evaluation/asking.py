"""What an evaluation is asked of: the measure, whose plan said it, its months and whom it is about."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from services.alerts.domain.evaluation.others import others
from services.alerts.domain.evaluation.places import Sides, UnknownUnitError, sides
from services.alerts.domain.evaluation.verdict import AskedEvaluation, Registered
from services.alerts.domain.evaluation.windows import Windows, windows
from services.alerts.domain.plan.plan import Action, Evaluate, Plan, Unit
from shared.contracts.catalogue import BY_NAME
from shared.written.faults import meant


class EvaluationError(ValueError):
    """There is no such evaluation; the message is one sentence that says why."""


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
            raise EvaluationError(f'nothing is known of unit "{name}"{meant(name, units)}') from None

    def each(self, places: Sides, began: Mapping[str, date]) -> Iterator[AskedEvaluation]:
        """What is asked by each metric; ``began`` is when measures were reported to be on their way, by id."""
        besides = [_title(one, self.plan) for one in others(self.plan, self.measure, self.months, places, began)]
        for metric in self.evaluate.metrics:
            yield AskedEvaluation(
                self.plan,
                self.measure,
                self.evaluate,
                BY_NAME[metric],
                self.months,
                self.known_to,
                self.registered,
                besides,
            )


def asked_of(plan: Plan, measure: str, registered: Registered, known_to: date) -> Asking:
    """A measure by its id; raises EvaluationError where the plan has none, or does not say how to evaluate it."""
    if measure not in plan.measures:
        raise EvaluationError(f'plan "{plan.id}" has no measure "{measure}"{meant(measure, plan.measures)}')
    found = plan.measures[measure]
    if found.evaluate is None:
        raise EvaluationError(f'plan "{plan.id}" does not say how to evaluate "{measure}": it has no "evaluate"')
    if unknown := [name for name in found.evaluate.metrics if name not in BY_NAME]:
        raise EvaluationError(f'this release has no metric "{unknown[0]}"{meant(unknown[0], BY_NAME)}')
    return Asking(plan, found, found.evaluate, windows(found.evaluate), registered, known_to)


def registered(plan: Plan, measure: str, then: Plan | None) -> Registered:
    """Whether the plan that held on the day of the start, if any did, said the same."""
    said = then.measures.get(measure) if then else None
    if said is None or said.evaluate is None:
        return "absent"
    return "unchanged" if said.evaluate == plan.measures[measure].evaluate else "changed"


def _title(measure: Action, plan: Plan) -> str:
    return measure.title.get(plan.language) or next(iter(measure.title.values()))
