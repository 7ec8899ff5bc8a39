"""From facts to the rows `stadga compute` prints."""

from datetime import date

import msgspec
import numpy as np

from cli.offline.computing.log import Computed, Counts
from services.metrics.domain.disclosure import suppression
from services.metrics.domain.facts import measures
from services.metrics.domain.facts.measures import NORM
from services.metrics.domain.sums.groups import Roster
from services.metrics.domain.sums.kernels import Sums
from services.metrics.domain.sums.linked_tables import Mask
from services.metrics.domain.sums.periods import USUAL, told_of
from services.metrics.domain.sums.tree import Trees
from services.metrics.domain.sums.windows import WindowLength, windows
from services.metrics.domain.values.answer import Answer, AnswerDays, answer
from services.metrics.domain.values.closed import IN_CLOSED_UNIT, PEOPLE, in_closed_units
from services.metrics.domain.values.valuation import figures
from shared.contracts.catalogue import BY_NAME, Metric
from shared.contracts.metrics import MetricValue, Status


class Number(msgspec.Struct):
    """One metric of one row; ``until`` is the last day that one told by month tells of.

    One that reaches back before what is known has no number, but the days from which that is, and it will be, known.
    """

    value: float | None
    numerator: float | None
    denominator: float | None
    low: float | None
    high: float | None
    status: Status
    until: date | None = None
    known_from: date | None = None
    complete_from: date | None = None


class GroupRow(msgspec.Struct, omit_defaults=True):
    """One group; its gender and age band are given where rows are broken down by them."""

    unit: str
    occupation: str
    metrics: dict[str, Number]
    measures: dict[str, dict[str, float]] | None = None
    gender: str | None = None
    age: str | None = None


class Report(msgspec.Struct):
    """Everything `stadga compute` says; ``anomalies`` by kind, those of the unit tree as it is on the day too."""

    as_of: date
    window_days: int
    events: Counts
    rows: list[GroupRow]
    anomalies: dict[str, int]


class Question(msgspec.Struct, frozen=True):
    """What to compute: the day, the window, which metrics, the largest group to hide, and what to break down by.

    Where none is too small to be told of in health (``small`` 0), only limits are kept that always hold.
    """

    as_of: date
    window: WindowLength
    metrics: tuple[Metric, ...]
    small: int
    by: tuple[str, ...]
    with_measures: bool
    norm: float = NORM


def report(computed: Computed, question: Question) -> Report:
    """The rows of every unit's subtree and of everything, and by what was asked for."""
    as_of = np.array([question.as_of.toordinal()])
    trees = Trees(computed.memory.definitions)
    units = trees.on(question.as_of.toordinal())
    roster = Roster(units, question.by)
    periods = told_of(as_of, question.window, USUAL, int(as_of[0]) + 1)
    window = windows(question.window, as_of)
    asked = AnswerDays(as_of, window, periods, question.norm)
    folded = answer(computed.tally.facts(), roster, trees, units, asked, question.small, computed.coverage)
    unlimited = not question.small
    found = folded.values(question.metrics, np.arange(len(roster.groups)), unlimited=unlimited)
    withheld = {} if unlimited else _withheld(folded)
    rows = [
        GroupRow(
            g.unit,
            g.occupation,
            _numbers(found, i),
            _measures(folded.sums, i, withheld) if question.with_measures else None,
            g.gender if "gender" in question.by else None,
            g.age if "age" in question.by else None,
        )
        for g, i in sorted(roster.groups.items())
    ]
    people = sum((folded.sums.level(measure)[:, 0] for measure in PEOPLE), np.zeros(len(roster.groups)))
    found_of_tree = {**units.contradictions, IN_CLOSED_UNIT: in_closed_units(units, roster.groups, people)}
    anomalies = {kind: count for kind, count in (computed.tally.anomalies | found_of_tree).items() if count}
    events = msgspec.structs.replace(computed.counts, anomalies=sum(anomalies.values()))
    return Report(question.as_of, int(np.max(window)), events, rows, anomalies)


def _numbers(found: dict[str, list[MetricValue]], group: int) -> dict[str, Number]:
    return {name: _number(values[group]) for name, values in found.items()}


def _number(v: MetricValue) -> Number:
    return Number(v.value, v.numerator, v.denominator, v.low, v.high, v.status, v.until, v.known_from, v.complete_from)


def _withheld(found: Answer) -> dict[str, Mask]:
    """By metric that measures fall with, the groups it is hidden of; what is told by month, of any days, of all."""
    metrics = [BY_NAME[name] for name in sorted(set(suppression.FALLS_WITH.values()))]
    return {f.metric.name: f.hidden[:, 0] | bool(f.metric.by_month) for f in figures(found.sums, found.told, metrics)}


def _measures(sums: Sums, group: int, withheld: dict[str, Mask]) -> dict[str, dict[str, float]]:
    hidden = {name for name, groups in withheld.items() if groups[group]}
    known = (m for m in sorted({m for m, _ in sums.raw}) if not measures.is_detail(m))
    shown = (m for m in known if suppression.shows(m, hidden))
    return {measures.name(m): {k: float(v[group, 0]) for k, v in sums.amounts(m).items()} for m in shown}
