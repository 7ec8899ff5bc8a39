"""From facts to the rows `stadga compute` prints."""

from datetime import date

import msgspec
import numpy as np

from cli.computing.log import Computed, Counts
from services.metrics.domain import measures, suppression
from services.metrics.domain.groups import Roster
from services.metrics.domain.kernels import Sums, total
from services.metrics.domain.tree import tree
from services.metrics.domain.valuation import figures, values
from shared.contracts.catalogue import Metric
from shared.contracts.metrics import ALL, MetricValue, Status


class Number(msgspec.Struct):
    """One metric of one row."""

    value: float | None
    numerator: float | None
    denominator: float | None
    low: float | None
    high: float | None
    status: Status


class Row(msgspec.Struct, omit_defaults=True):
    """One group: a unit with everything below it, and an occupation or all."""

    unit: str
    occupation: str
    metrics: dict[str, Number]
    measures: dict[str, dict[str, float]] | None = None


class Report(msgspec.Struct):
    """Everything `stadga compute` says."""

    as_of: date
    window_days: int
    events: Counts
    rows: list[Row]


class Question(msgspec.Struct, frozen=True):
    """What to compute: the day, the window, which metrics, the largest group to hide, and what to break down by."""

    as_of: date
    window: int
    metrics: tuple[Metric, ...]
    small: int
    by_occupation: bool
    with_measures: bool


def report(computed: Computed, question: Question) -> Report:
    """The rows of every unit's subtree, of everything, and by occupation where asked."""
    as_of = np.array([question.as_of.toordinal()])
    roster = Roster(tree(computed.memory.definitions, question.as_of.toordinal()))
    facts = roster.columns(computed.tally.facts())
    sums = total(facts, roster.belongs, len(roster.groups), as_of, question.window)
    everyone = np.arange(len(roster.groups))
    found = {f.metric.name: values(f, everyone) for f in figures(sums, question.metrics, question.small)}
    hidden = suppression.small(sums, question.small)[:, 0]
    rows = [
        Row(g.unit, g.occupation, _numbers(found, i), _measures(sums, i, hidden[i]) if question.with_measures else None)
        for g, i in sorted(roster.groups.items())
        if g.occupation == ALL or question.by_occupation
    ]
    return Report(question.as_of, question.window, computed.counts, rows)


def _numbers(found: dict[str, list[MetricValue]], group: int) -> dict[str, Number]:
    return {name: _number(values[group]) for name, values in found.items()}


def _number(v: MetricValue) -> Number:
    return Number(v.value, v.numerator, v.denominator, v.low, v.high, v.status)


def _measures(sums: Sums, group: int, is_small: bool) -> dict[str, dict[str, float]]:
    daily = (m for m in sorted({m for m, _ in sums.raw}) if not measures.is_yearly(m))
    shown = (m for m in daily if suppression.shows(m, is_small=is_small))
    return {measures.name(m): {k: float(v[group, 0]) for k, v in sums.amounts(m).items()} for m in shown}
