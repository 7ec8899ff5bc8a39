"""The days that targets of parts of groups are judged on, as the metrics service would answer for them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import numpy as np

from cli.offline.parted import dimensions
from cli.offline.rehearsal.months import Ledger
from services.alerts.domain.alert.observation import Observation, SeriesKey
from services.alerts.domain.alert.parts import Request, named, questions, read, requests
from services.metrics.domain.sums.groups import Roster
from services.metrics.domain.sums.periods import USUAL, told_of
from services.metrics.domain.values.answer import Answer, AnswerDays, answer
from shared.contracts.catalogue import BY_NAME
from shared.contracts.groups import GroupValues, Values
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
    kept = defaultdict[SeriesKey, list[Observation]](list)
    for request in requests(sorted(questions(wanted, today)), len(tree.names)):
        told = read(wanted, request, _values(found, request, request.as_of.toordinal() - int(days[0])))
        for (key, day), value in sorted(told.items()):
            kept[key] += [Observation(day, 0, value)] if value else []
    return {key: days for key, days in kept.items() if days}


def _values(found: Answer, request: Request, column: int) -> Values:
    """What the service would answer."""
    rows, names = np.arange(len(found.groups)), named(request.metrics)
    values = found.values([BY_NAME[name] for name in names], rows, column)
    private = found.private[:, column].tolist()
    groups = [
        GroupValues(*group[:1], "", *group[1:], {name: values[name][row] for name in names}, private[row])
        for row, group in enumerate(found.groups)
    ]
    return Values(request.as_of, USUAL, 0, groups)
