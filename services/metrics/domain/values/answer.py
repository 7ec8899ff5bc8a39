"""The one way from facts to an answer: the sums of groups, what is told of them by month, and the values of metrics.

The API, `stadga compute`, charts, reports and proposals are all read off an answer. A replica makes its own from what
it has in memory (services.metrics.answers.history); from all facts at hand, ``answer`` makes it.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.metrics.domain.coverage.coverage import Coverage, of_groups
from services.metrics.domain.disclosure.decisions import hidden_of
from services.metrics.domain.disclosure.suppression import SMALL_GROUP
from services.metrics.domain.disclosure.told import Disclosed, everything, told_of_all
from services.metrics.domain.facts.measures import NORM
from services.metrics.domain.facts.tally import Fact
from services.metrics.domain.sums.groups import Group, Roster
from services.metrics.domain.sums.kernels import Ints, Sums, Window, total
from services.metrics.domain.sums.linked_tables import Mask
from services.metrics.domain.sums.periods import Months
from services.metrics.domain.sums.tree import Tree, Trees
from services.metrics.domain.values.valuation import figures, values
from shared.contracts.catalogue import Metric
from shared.contracts.catalogue.disclosure import ByMonth
from shared.contracts.metrics import MetricValue


class AnswerDays(NamedTuple):
    """The days asked about, the windows that end on them, and the whole months that are told of in their place.

    ``norm`` is that of case points.
    """

    days: Ints
    window: Window
    periods: Sequence[Months] = ()
    norm: float = NORM


class Answer(NamedTuple):
    """The groups in the order of the rows of ``sums``, placed as in ``tree``; ``told`` is what is told by month.

    ``known`` is since when each kind of events is known of each group; without it, always.
    """

    groups: list[Group]
    sums: Sums
    told: Disclosed
    tree: Tree
    known: Ints | None = None

    @property
    def private(self) -> Mask:
        """Of whom (groups × days) no health may be told; everyone, where no months were asked about."""
        return self.told.hidden[..., ByMonth.HEALTH.value]

    def values(
        self, metrics: Iterable[Metric], rows: Ints, days: Ints | int = 0, *, unlimited: bool = False
    ) -> dict[str, list[MetricValue]]:
        """The values of metrics, of groups by row, each on its day (by column) or all on one.

        ``unlimited`` is for those who may see everything: no limit is kept but those that always hold.
        """
        found = figures(self.sums, self.told, metrics, self.known, everything=unlimited)
        return {figure.metric.name: values(figure, rows, days) for figure in found}


def answer(
    facts: Iterable[Fact],
    roster: Roster,
    trees: Trees,
    tree: Tree,
    asked: AnswerDays,
    limit: int = SMALL_GROUP,
    coverage: Coverage | None = None,
) -> Answer:
    """What facts come to, of all groups of a roster; ``limit`` is the largest group that is hidden (0: none is).

    Without ``coverage`` everything counts as known, always.
    """
    columns = roster.columns(facts)
    sums = total(columns, roster.belongs, len(roster.groups), asked.days, asked.window, asked.norm)
    if not limit and not any(asked.periods):
        told = everything(sums)
    else:
        hidden = hidden_of(roster, columns, trees, tree, asked.periods, limit)
        told = told_of_all(columns, roster.belongs, asked.periods, hidden)
    units = {cell.unit for cell in roster.cells}
    known = None if coverage is None else of_groups(coverage.of_subtrees(units, tree), roster.groups)
    return Answer(list(roster.groups), sums, told, tree, known)
