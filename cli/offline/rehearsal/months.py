"""The months that rules judge, as the metrics service would answer for them on a day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from cli.offline.parted import as_told, dimensions, group_of
from services.alerts.domain.alert.months import Month, Wanted, last_whole
from services.alerts.domain.alert.observation import SeriesKey
from services.metrics.domain.coverage.coverage import Coverage
from services.metrics.domain.facts.tally import Fact
from services.metrics.domain.sums.groups import Roster
from services.metrics.domain.sums.periods import month_of, periods
from services.metrics.domain.sums.tree import Trees
from services.metrics.domain.values.answer import AnswerDays, answer
from shared.contracts.catalogue import BY_NAME


class Ledger(NamedTuple):
    """Everything that is known: facts, where units lay when, and since when what is told of, if that matters."""

    facts: Sequence[Fact]
    trees: Trees
    coverage: Coverage | None


def months(ledger: Ledger, wanted: Mapping[SeriesKey, Wanted], today: date) -> Mapping[SeriesKey, list[Month]]:
    """A value for each month, over the days of that month alone, units placed as they are in the last."""
    if not wanted:
        return {}
    shown = [one.last for one in periods("month", min(one.first for one in wanted.values()), last_whole(today))]
    tree = ledger.trees.on(shown[-1].toordinal())
    roster = Roster(tree, dimensions(key.part for key in wanted))
    for cell in {fact.cell for fact in ledger.facts if fact.cell.is_sound}:
        roster.cell(cell)
    days, lengths = np.array([day.toordinal() for day in shown]), np.array([day.day for day in shown])
    told = [(month_of(day),) for day in days.tolist()]
    asked = AnswerDays(days, lengths, told)
    found = answer(ledger.facts, roster, ledger.trees, tree, asked, coverage=ledger.coverage)
    kept = defaultdict[SeriesKey, list[Month]](list)
    for key in _known(wanted, roster):
        rows = np.full(len(shown), roster.groups[group_of(key)])
        values = found.values([BY_NAME[key.metric]], rows, np.arange(len(shown)))[key.metric]
        kept[key] = [Month(*one) for one in zip(shown, as_told(found, roster, key, values), strict=True)]
    return kept


def _known(wanted: Collection[SeriesKey], roster: Roster) -> Iterable[SeriesKey]:
    return (key for key in wanted if group_of(key) in roster.groups)
