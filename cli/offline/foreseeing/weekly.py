"""The last years of a log, week by week, and for rules month by month, as the services would have told them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from cli.offline.computing.log import Computed
from cli.offline.parted import as_told, dimensions, group_of
from cli.offline.rehearsal.months import Ledger, months
from services.alerts.domain.alert.months import wanted
from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.alert.promises import Promise, every
from services.alerts.domain.evaluation.colliding import places_of
from services.alerts.domain.evaluation.places import Sides
from services.alerts.domain.plan.places import Places
from services.alerts.domain.plan.plan import EVERYONE, Plan, Unit, Version
from services.metrics.domain.disclosure.basis import COUNTED
from services.metrics.domain.facts.measures import family
from services.metrics.domain.sums.catalogue import FORMULAS
from services.metrics.domain.sums.groups import Roster
from services.metrics.domain.sums.kernels import Ints
from services.metrics.domain.sums.periods import USUAL, told_of
from services.metrics.domain.sums.tree import Tree, Trees
from services.metrics.domain.values.answer import AnswerDays, answer
from shared.contracts.catalogue import BY_NAME
from shared.contracts.metrics import MetricValue

WEEKS = 157
"""Three years, with both ends; the first year of a log is left out, whose windows it does not fill."""
WEEK = 7
"""Days."""

History = Mapping[SeriesKey, Sequence[MetricValue]]


class Foreseen(NamedTuple):
    """What a plan asks for in the units of a log, whom its evaluations compare, each series' weekly values, and the
    months of those that a rule judges.
    """

    promises: Sequence[Promise]
    compared: Mapping[str, Sides]
    history: History
    months: History

    def of(self, promise: Promise) -> Sequence[MetricValue]:
        """What a promise is judged by; nothing of a group that nothing is told of."""
        return (self.months if promise.target.rule else self.history).get(promise.series, ())


def foreseen(computed: Computed, plan: Plan, zone: ZoneInfo) -> Foreseen | None:
    """Up to the last day of the log, units placed as they are then; None of a log without events."""
    if computed.span.last is None or computed.span.first is None:
        return None
    last = computed.span.last.astimezone(zone).date()
    trees = Trees(computed.memory.definitions)
    place = trees.on(last.toordinal())
    roster = Roster(place, dimensions(one.part for one in plan.targets.values()))
    for cell in {fact.cell for fact in computed.tally.facts() if fact.cell.is_sound}:
        roster.cell(cell)
    units = {group.unit: _unit(group.unit, place) for group in roster.groups}
    version = Version(plan, 1, "", "", computed.span.last, computed.span.last)
    versions, places = {plan.id: version}, Places(units.values())
    asked_for = every(versions, places).values()
    promises = [one for one in asked_for if one.target.part == EVERYONE or group_of(one.series) in roster.groups]
    compared = places_of(plan, units)
    series = [*(promise.series for promise in promises), *_evaluated(plan, compared)]
    asked = {one for one in series if group_of(one) in roster.groups}
    weeks = _weeks(computed.span.first.astimezone(zone).date(), last)
    ledger = Ledger(computed.tally.facts(), trees, computed.coverage)
    by_month = {
        key: [month.measured for month in kept] for key, kept in months(ledger, wanted(versions, places), last).items()
    }
    return Foreseen(promises, compared, _history(computed, asked, roster, trees, weeks) if asked else {}, by_month)


def _evaluated(plan: Plan, compared: Mapping[str, Sides]) -> Iterator[SeriesKey]:
    for measure, places in compared.items():
        asked = plan.measures[measure].evaluate
        for metric in asked.metrics if asked else ():
            yield from (SeriesKey(unit.id, plan.occupation, metric) for unit in (*places.acted, *places.compared))


def _weeks(first: date, last: date) -> Ints:
    """The same weekday as the last day's, of the weeks up to it."""
    whole = (last - first).days - USUAL
    return last.toordinal() - WEEK * np.arange(min(WEEKS, max(0, whole // WEEK) + 1))[::-1]


def _unit(ref: str, place: Tree) -> Unit:
    return Unit(ref, place.name(ref), place.path(ref), ref in place.closed)


def _history(computed: Computed, asked: Collection[SeriesKey], roster: Roster, trees: Trees, weeks: Ints) -> History:
    last = int(weeks[-1])
    read = COUNTED | {family(measure) for one in asked for measure, _ in FORMULAS[one.metric].reads}
    facts = (fact for fact in computed.tally.facts() if family(fact.measure) in read)
    days = AnswerDays(weeks, USUAL, told_of(weeks, USUAL, USUAL, last))
    found = answer(facts, roster, trees, trees.on(last), days, coverage=computed.coverage)
    keys = sorted(asked)
    history: dict[SeriesKey, Sequence[MetricValue]] = {}
    for metric, some in _by_metric(keys).items():
        rows = np.repeat([roster.groups[group_of(one)] for one in some], len(weeks))
        values = found.values([BY_NAME[metric]], rows, np.tile(np.arange(len(weeks)), len(some)))[metric]
        each = {one: values[at * len(weeks) : (at + 1) * len(weeks)] for at, one in enumerate(some)}
        history |= {one: as_told(found, roster, one, own) for one, own in each.items()}
    return history


def _by_metric(keys: Iterable[SeriesKey]) -> Mapping[str, list[SeriesKey]]:
    found: dict[str, list[SeriesKey]] = {}
    for one in keys:
        found.setdefault(one.metric, []).append(one)
    return found
