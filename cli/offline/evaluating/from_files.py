"""Evaluations out of event logs, folded here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from cli.offline.computing.log import Computed
from cli.offline.evaluating.spells import Among, spells
from services.alerts.domain.evaluation.asking import EvaluationError, asked_of
from services.alerts.domain.evaluation.staying import staying
from services.alerts.domain.evaluation.told import Told
from services.alerts.domain.evaluation.verdict import AskedEvaluation, Registered, evaluated
from services.alerts.domain.plan.plan import Plan, Unit
from services.alerts.domain.plan.progress import Name, Update, beginnings, update
from services.metrics.domain.disclosure.basis import COUNTED
from services.metrics.domain.facts.measures import family
from services.metrics.domain.sums.catalogue import FORMULAS
from services.metrics.domain.sums.groups import Group, Roster
from services.metrics.domain.sums.periods import month_of
from services.metrics.domain.sums.tree import Tree, Trees
from services.metrics.domain.values.answer import AnswerDays, answer
from shared.contracts.evaluations import Evaluation
from shared.contracts.metrics import ALL, MetricValue

LEAVING = frozenset({"leaver_rate", "leaver_rate_own_request"})
"""Metrics of who leaves."""


def evaluations(
    computed: Computed, plan: Plan, measure: str, registered: Registered, zone: ZoneInfo
) -> list[Evaluation]:
    """The answer by each metric of a measure; raises EvaluationError.

    Units are placed as they are in the last month after, or in the last that is known.
    """
    if computed.span.last is None:
        raise EvaluationError("filerna har inga händelser", "there are no events in the files")
    known_to = computed.span.last.astimezone(zone).date()
    asking = asked_of(plan, measure, registered, known_to)
    trees = Trees(computed.memory.definitions)
    tree = trees.on(min(asking.months.after[-1], known_to).toordinal())
    places = asking.places(_units(computed, tree))
    found = []
    for asked in asking.each(places, _began(computed, plan, known_to)):
        told = _told(computed, asked, [*places.acted, *places.compared], trees, tree)
        said = evaluated(asked, [told[one.id] for one in places.acted], [told[one.id] for one in places.compared])
        found.append(_with_staying(computed, said, Among({one.id for one in places.acted}, plan.occupation, tree)))
    return found


def _with_staying(computed: Computed, said: Evaluation, among: Among) -> Evaluation:
    """With how long people stay, of leaving; not where no number may be told."""
    if said.metric not in LEAVING or said.effect is None:
        return said
    sides = (spells(computed, among, one.first, one.last) for one in (said.before, said.after))
    return msgspec.structs.replace(said, staying=staying(*sides))


def _began(computed: Computed, plan: Plan, known_to: date) -> Mapping[str, date]:
    """When measures of the plan began, as the log tells."""
    told = defaultdict[Name, list[Update]](list)
    for one in map(update, computed.measures):
        told[one.plan, one.measure].append(one)
    return beginnings(told, plan.id, known_to)


def _units(computed: Computed, tree: Tree) -> Mapping[str, Unit]:
    """Every unit that anybody is in, or that has one such below it, and everything."""
    cells = {fact.cell.unit for fact in computed.tally.facts() if fact.cell.is_sound}
    names = {place for cell in cells for place in tree.path(cell)}
    return {
        name: Unit(name, tree.name(name), tree.path(name) if name != ALL else (ALL,), name in tree.closed)
        for name in names
    }


def _told(
    computed: Computed, asked: AskedEvaluation, units: Iterable[Unit], trees: Trees, tree: Tree
) -> dict[str, Told]:
    """Each unit's value of each month, over its own days, of those whom the plan is about."""
    facts, months, occupation = computed.tally.facts(), asked.months.months, asked.plan.occupation
    roster = Roster(tree, () if occupation == ALL else ("occupation",))
    for cell in {fact.cell for fact in facts if fact.cell.is_sound}:
        roster.cell(cell)
    days = np.array([month.toordinal() for month in months])
    lengths = np.array([month.day for month in months])
    periods = [(month_of(day),) for day in days.tolist()]
    read = COUNTED | {measure for measure, _ in FORMULAS[asked.metric.name].reads}
    some = (fact for fact in facts if family(fact.measure) in read)
    found = answer(some, roster, trees, tree, AnswerDays(days, lengths, periods), coverage=computed.coverage)

    def values(unit: Unit) -> list[MetricValue]:
        group = roster.groups.get(Group(unit.id, occupation))
        if group is None:
            return [MetricValue(status="not_applicable", definition=asked.metric.definition)] * len(months)
        return found.values([asked.metric], np.full(len(days), group), np.arange(len(days)))[asked.metric.name]

    return {unit.id: Told(unit, values(unit)) for unit in units}
