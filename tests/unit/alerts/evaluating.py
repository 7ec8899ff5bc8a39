"""Units whose monthly values are made up, and what an evaluation says of them."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from services.alerts.domain.evaluation.told import Told
from services.alerts.domain.evaluation.verdict import AskedEvaluation, Registered, evaluated
from services.alerts.domain.evaluation.windows import first_day, windows
from services.alerts.domain.plan.plan import Unit
from services.alerts.domain.plan.reading import read
from shared.contracts.catalogue import BY_NAME
from shared.contracts.evaluations import Evaluation
from shared.contracts.metrics import MetricValue, Status

PLAN = """\
plan: help
targets: [{{id: t, metric: agency_share, breach: {{above: 0.2}}}}]
measures:
  - id: mentor
    title: {{sv: Mentorer, en: Mentors}}
    owner: head
    evaluate: {{metric: {metric}, start: 2025-01-01, before: {before}m, after: {after}m, smallest: {smallest}{more}}}
"""
OVER = date(2027, 12, 31)


def asked(
    metric: str = "leaver_rate",
    *,
    before: int = 12,
    after: int = 12,
    smallest: float = 0.5,
    registered: Registered = "unchanged",
    others: Sequence[str] = (),
    known_to: date = OVER,
    more: str = "",
) -> AskedEvaluation:
    """A question as a plan makes it."""
    plan = read(PLAN.format(metric=metric, before=before, after=after, smallest=smallest, more=more))
    measure = plan.measures["mentor"]
    assert measure.evaluate
    months = windows(measure.evaluate)
    return AskedEvaluation(plan, measure, measure.evaluate, BY_NAME[metric], months, known_to, registered, others)


def counted(question: AskedEvaluation, name: str, people: float, events: Sequence[int]) -> Told:
    """A unit of so many people, where so much happened each month."""
    definition = question.metric.definition
    values = [_final(definition, n, people) for n in events]
    return Told(unit(name), values)


def _final(definition: str, events: int, people: float) -> MetricValue:
    value, top = events / people, float(events)
    return MetricValue(status="final", definition=definition, value=value, numerator=top, denominator=people)


def valued(question: AskedEvaluation, name: str, values: Sequence[float | None], status: Status = "final") -> Told:
    """A unit with a value each month; ``status`` is why there is none where it is None."""
    definition = question.metric.definition
    told = [
        MetricValue(status="final" if value is not None else status, definition=definition, value=value)
        for value in values
    ]
    return Told(unit(name), told)


def hidden(question: AskedEvaluation, name: str, month: int) -> Told:
    """A unit with ten who left each month, one month of which is hidden."""
    told = counted(question, name, 100, [10] * len(question.months.months))
    values = list(told.values)
    values[month] = MetricValue(status="suppressed", definition=question.metric.definition)
    return Told(told.unit, values)


def unit(name: str) -> Unit:
    """A unit of one department."""
    return Unit(name, name.upper(), (name, "dep", "*"))


def drawn(
    chance: np.random.Generator, question: AskedEvaluation, name: str, people: float, rate: float, times: float = 1.0
) -> Told:
    """A unit where people leave at a yearly rate, which is ``times`` that after the start: Poisson counts by month."""
    months = question.months
    means = [
        people * rate * ((month - first_day(month)).days + 1) / 365 * (times if month > months.before[-1] else 1.0)
        for month in months.months
    ]
    return counted(question, name, people, chance.poisson(means).tolist())


def answered(question: AskedEvaluation, acted: Sequence[Told], compared: Sequence[Told] = ()) -> Evaluation:
    """The answer."""
    return evaluated(question, acted, compared)
