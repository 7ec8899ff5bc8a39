"""The series of a chart out of event logs, folded here."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np

from cli.offline.charting import months
from cli.offline.charting.months import MonthlySeries
from cli.offline.charting.question import ChartError, ChartQuestion, unknown
from cli.offline.computing.log import Computed
from services.metrics.domain.disclosure.basis import COUNTED
from services.metrics.domain.facts.measures import family
from services.metrics.domain.facts.tally import Fact
from services.metrics.domain.sums.catalogue import FORMULAS
from services.metrics.domain.sums.groups import Group, Roster
from services.metrics.domain.sums.periods import month_of
from services.metrics.domain.sums.tree import Tree, Trees
from services.metrics.domain.values.answer import AnswerDays, answer
from shared.contracts.metrics import ALL, MetricValue


def series(computed: Computed, asked: ChartQuestion, zone: ZoneInfo) -> MonthlySeries:
    """Each month's value over its own days, units placed as they are in the last; raises ChartError."""
    first, last = computed.span.first, computed.span.last
    if first is None or last is None:
        raise ChartError("det finns inga händelser i filerna", "there are no events in the files")
    known_to = last.astimezone(zone).date()
    shown = months.asked(asked.first, asked.last, first.astimezone(zone).date(), known_to)
    trees = Trees(computed.memory.definitions)
    now = trees.on(shown[-1].toordinal())
    found = _values(computed, asked, shown, trees)
    return MonthlySeries(asked.metric, asked.unit, now.name(asked.unit), asked.occupation, shown, found, known_to)


def _values(computed: Computed, asked: ChartQuestion, shown: list[date], trees: Trees) -> list[MetricValue]:
    now = trees.on(shown[-1].toordinal())
    days = np.array([month.toordinal() for month in shown])
    lengths = np.array([month.day for month in shown])
    known = computed.tally.facts()
    roster = _roster(known, asked, now)
    group = _group(asked, roster, now)
    read = COUNTED | {measure for measure, _ in FORMULAS[asked.metric.name].reads}
    facts = (fact for fact in known if family(fact.measure) in read)
    periods = [(month_of(day),) for day in days.tolist()]
    found = answer(facts, roster, trees, now, AnswerDays(days, lengths, periods), coverage=computed.coverage)
    return found.values([asked.metric], np.full(len(days), group), np.arange(len(days)))[asked.metric.name]


def _roster(facts: Iterable[Fact], asked: ChartQuestion, now: Tree) -> Roster:
    """With a place for every cell, also those that have nothing of what the metric is made of."""
    roster = Roster(now, () if asked.occupation == ALL else ("occupation",))
    for cell in {fact.cell for fact in facts if fact.cell.is_sound}:
        roster.cell(cell)
    return roster


def _group(asked: ChartQuestion, roster: Roster, now: Tree) -> int:
    """The asked-for group's number; raises ChartError, with what may have been meant."""
    if (group := Group(asked.unit, asked.occupation)) in roster.groups:
        return roster.groups[group]
    units = {g.unit: now.name(g.unit) for g in roster.groups}
    if asked.unit not in units:
        raise unknown(
            f"ingen enhet heter {asked.unit!r} i filerna", f"no unit {asked.unit!r} in the files", asked.unit, units
        )
    here = [g.occupation for g in roster.groups if g.unit == asked.unit]
    asked_for, where = asked.occupation, units[asked.unit]
    raise unknown(
        f"ingen befattning heter {asked_for!r} i {where}", f"no occupation {asked_for!r} in {where}", asked_for, here
    )
