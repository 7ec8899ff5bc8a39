"""The days that targets of parts of groups are judged on, as the metrics service would answer for them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import numpy as np

from cli.offline.parted import as_told, dimensions, group_of
from cli.offline.rehearsal.months import Ledger
from services.alerts.domain.alert.observation import Observation, SeriesKey
from services.metrics.domain.sums.groups import Roster
from services.metrics.domain.sums.periods import USUAL, told_of
from services.metrics.domain.values.answer import AnswerDays, answer
from shared.contracts.catalogue import BY_NAME
from shared.contracts.metrics import RESTATED_DAYS


def parts(ledger: Ledger, wanted: Collection[SeriesKey], today: date) -> Mapping[SeriesKey, Sequence[Observation]]:
    """The values of today and of the days that it restates; of a part that nobody was ever in, none."""
    if not wanted:
        return {}
    last = today.toordinal()
    days = np.arange(last - RESTATED_DAYS, last + 1)
    tree = ledger.trees.on(last)
    roster = Roster(tree, dimensions(key.part for key in wanted))
    for cell in {fact.cell for fact in ledger.facts if fact.cell.is_sound}:
        roster.cell(cell)
    asked = AnswerDays(days, USUAL, told_of(days, USUAL, USUAL, last))
    found = answer(ledger.facts, roster, ledger.trees, tree, asked, coverage=ledger.coverage)
    kept: dict[SeriesKey, Sequence[Observation]] = {}
    for key in wanted:
        if group_of(key) in roster.groups:
            rows = np.full(len(days), roster.groups[group_of(key)])
            values = found.values([BY_NAME[key.metric]], rows, np.arange(len(days)))[key.metric]
            told = zip(days.tolist(), as_told(found, roster, key, values), strict=True)
            kept[key] = [Observation(date.fromordinal(day), 0, value) for day, value in told]
    return kept
