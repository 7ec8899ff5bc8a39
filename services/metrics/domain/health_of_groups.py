"""What is told of the health of a board's groups: for each published day the twelve whole months that ended last."""

from collections.abc import Mapping, Sequence

import numpy as np

from services.metrics.domain.cell import Cell
from services.metrics.domain.decisions import combined
from services.metrics.domain.groups import Group
from services.metrics.domain.health import Health, Where
from services.metrics.domain.kernels import Deltas, Ints, Raw
from services.metrics.domain.linked_tables import Mask
from services.metrics.domain.months import USUAL, Month, Months, told_of
from services.metrics.domain.remembered import Remembered, Telling
from services.metrics.domain.told import Told, over, put_back, told
from services.metrics.domain.tree import Tree
from services.metrics.domain.trees import Trees


class HealthOfGroups:
    """Health by group and published day."""

    def __init__(self, days: Ints, today: int, remembered: Remembered) -> None:
        """Nothing heard yet; ``remembered`` is what was told before."""
        self.periods: Sequence[Months] = told_of(days, USUAL, USUAL, today)
        self._health = Health(today, remembered)
        self._kept: dict[Month, dict[int, tuple[int, ...]]] = {}

    def turn(self, days: Ints, today: int) -> None:
        """A later day of the month begins."""
        self.periods = told_of(days, USUAL, USUAL, today)

    def tells_otherwise(self, old: "HealthOfGroups", among: Ints) -> Mask:
        """On which days other months are told of than before; ``among`` are their places among those before."""
        before = [*old.periods, ()]
        pairs = zip(self.periods, among.tolist(), strict=True)
        return np.fromiter((now != before[n] for now, n in pairs), bool, len(among))

    def rest_on(self, facts: Deltas) -> None:
        """Take in facts that what was told rests on."""
        self._health.rest_on(facts)

    def hear(self, facts: Deltas) -> None:
        """Facts came; nothing is told of them before ``tell``."""
        self._health.hear(facts)

    @property
    def has_news(self) -> bool:
        """Whether anything came since health was last told, or a month has passed."""
        return self._health.has_news

    @property
    def cells_heard_of(self) -> Ints:
        """The cells that something came of since."""
        return self._health.cells_heard_of

    def tell(self, cells: Mapping[int, Cell], trees: Trees) -> Telling:
        """Go over to what came, and say what has to be remembered first."""
        return self._health.tell(Where(cells, trees))

    def hidden(self, cells: Mapping[int, Cell], trees: Trees, groups: Sequence[Group], placed: Tree) -> Mask:
        """Of which groups (groups × days) health may not be told."""
        where, months = Where(cells, trees), sorted(set[Month]().union(*self.periods))
        found = {month: self._health.standing(where, groups, placed, month) for month in months}
        self._kept = {month: standing.kept for month, standing in found.items() if standing.kept}
        return combined({month: standing.hidden for month, standing in found.items()}, self.periods, len(groups))

    def sums(self, rows: Ints, members: Sequence[Sequence[int]]) -> Raw:
        """What is told of some groups, by number and by their cells: sums by day."""
        months, raw = self._health.months, self._health.sums(members)
        for month, kept in self._kept.items():
            for n, row in enumerate(rows.tolist()):
                if row in kept:
                    put_back(raw, n, months.index(month), kept[row])
        return over(months, raw, self.periods)

    def told(self, raw: Raw, columns: Ints, hidden: Mask) -> Told:
        """What is told on some days, from sums of these and of all others."""
        periods = [self.periods[n] for n in columns.tolist()]
        return told({kernel: sums[:, columns] for kernel, sums in raw.items()}, periods, hidden[:, columns])
