"""Evaluations of what runs: the plan's versions, the units as they are told of, and months that metrics answers."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import asyncpg
import msgspec

from services.alerts.domain.evaluation.asking import Asking, asked_of, registered
from services.alerts.domain.evaluation.given import Given, answers_to, beside_earlier
from services.alerts.domain.evaluation.places import Sides, carried_out_in
from services.alerts.domain.evaluation.told import Told
from services.alerts.domain.evaluation.verdict import AskedEvaluation, Registered, evaluated
from services.alerts.domain.evaluation.windows import first_day
from services.alerts.domain.plan.plan import Plan, Unit, Version
from services.alerts.domain.plan.progress import beginnings
from services.alerts.metrics_service import MetricsAwayError, MetricsService
from services.alerts.repository import answers as given_answers
from services.alerts.repository import board, groups, measures
from shared.access.rights import Sight
from shared.contracts.evaluations import Evaluation
from shared.contracts.metrics import ALL, MetricValue
from shared.kit.access.guard import inside

MOST_SIBLINGS = 200
AT_ONCE = 4
"""Units asked about at a time."""


class Prepared(NamedTuple):
    """A measure, the units on both sides, when measures began, and what was answered before by each metric."""

    asking: Asking
    places: Sides
    began: Mapping[str, date]
    given: Mapping[str, Sequence[Given]]


async def prepared(connection: asyncpg.Connection, version: Version, measure: str, sight: Sight) -> Prepared:
    """What is known here of an evaluation; raises EvaluationError, and PermissionDeniedException for a unit outside.

    It is told to whoever may see all units that carry the measure out; values of the others are told to anybody.
    """
    today = await groups.today(connection) or date.min
    asking = asked_of(version.plan, measure, "unknown", today - timedelta(1) if today > date.min else today)
    asking = asking._replace(registered=await _registered(connection, asking))
    places = asking.places(await _units(connection, asking))
    if not sight.everything:
        for unit in places.acted:
            inside(sight, unit.id, unit.path)
    plan, metrics = asking.plan, asking.evaluate.metrics
    told = await measures.load(connection, {(plan.id, name) for name in plan.measures})
    given = await given_answers.load(connection, plan.id)
    by_metric = {metric: given.get((measure, metric), ()) for metric in metrics}
    return Prepared(asking, places, beginnings(told, plan.id, today), by_metric)


async def answers(of: Prepared, metrics: MetricsService) -> list[Evaluation]:
    """The answer by each metric; raises MetricsAwayError, also while more is being taken in than is published."""
    found = [await _answer(asked, of.places, metrics) for asked in of.asking.each(of.places, of.began)]
    return [beside_earlier(one, of.given[one.metric]) for one in found]


def as_given(of: Prepared) -> list[Evaluation]:
    """The answers as they were given last, for while metrics is away; none unless by each metric, to this question."""
    asked = [unit.name for unit in of.places.acted], of.asking.months
    latest = [given[-1] for given in of.given.values() if given and answers_to(given[-1].answer, *asked)]
    if len(latest) < len(of.given) or of.asking.registered in {"changed", "absent"}:
        return []
    return [msgspec.structs.replace(one.answer, given=one.day) for one in latest]


async def _answer(asked: AskedEvaluation, places: Sides, metrics: MetricsService) -> Evaluation:
    if asked.known_to < asked.months.after[-1]:
        return evaluated(asked, [Told(unit, ()) for unit in places.acted], ())
    few = asyncio.Semaphore(AT_ONCE)

    async def told(unit: Unit) -> Told:
        async with few:
            return Told(unit, await _months(asked, unit, metrics))

    acted = await asyncio.gather(*map(told, places.acted))
    return await asyncio.to_thread(evaluated, asked, acted, await asyncio.gather(*map(told, places.compared)))


async def _months(asked: AskedEvaluation, unit: Unit, metrics: MetricsService) -> Sequence[MetricValue]:
    """A value of each month; of what metrics does not know, that nobody reports it."""
    months, metric = asked.months.months, asked.metric.name
    series = await metrics.each_month(unit.id, asked.plan.occupation, metric, first_day(months[0]), months[-1])
    if series and series.provisional:
        raise MetricsAwayError
    if series is None or not series.groups or [point.as_of for point in series.points] != months:
        return [MetricValue(status="not_reported", definition=asked.metric.definition)] * len(months)
    return series.groups[0].metrics[metric]


async def _units(connection: asyncpg.Connection, asking: Asking) -> dict[str, Unit]:
    """The units that the evaluation names, those beside them, and those that carry other measures out."""
    names = {*asking.evaluate.units, *asking.evaluate.compare, *asking.plan.units}
    found = {ALL: Unit(ALL, ALL, (ALL,))}
    for name in sorted(names):
        if unit := await board.unit(connection, name):
            found[name] = unit
    above = {unit.path[1] for unit in found.values() if len(unit.path) > 1} if not asking.evaluate.compare else set()
    for parent in sorted(above):
        found |= {one.id: one for one in await board.under(connection, parent, MOST_SIBLINGS)}
    elsewhere = {place for one in asking.plan.measures.values() for place in carried_out_in(asking.plan, one)}
    for name in sorted(elsewhere - found.keys()):
        if unit := await board.unit(connection, name):
            found[name] = unit
    return found


async def _registered(connection: asyncpg.Connection, asking: Asking) -> Registered:
    """Whether the version that held when the day of the start was over said the same."""
    zone, start = ZoneInfo(asking.plan.time_zone), asking.evaluate.start
    versions = await board.versions(connection, asking.plan.id)
    then = next((one for one in versions if one.loaded.astimezone(zone).date() <= start), None)
    if then and then.plan is None:
        return "unknown"
    said: Plan | None = then.plan if then else None
    return registered(asking.plan, asking.measure.id, said)
