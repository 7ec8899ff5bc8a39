"""What is told by month of a book's groups: for each published day the twelve whole months that ended last."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from services.metrics.domain.disclosure.decisions import combined
from services.metrics.domain.disclosure.monthly import Monthly, Where
from services.metrics.domain.disclosure.remembered import Remembered, Telling
from services.metrics.domain.disclosure.told import Disclosed, disclosed, of_kinds, over, put_back
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.sums.copied import Part
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.kernels import Deltas, Ints, Kernel, Raw
from services.metrics.domain.sums.linked_tables import Mask
from services.metrics.domain.sums.periods import USUAL, Month, Months, month_of, told_of
from services.metrics.domain.sums.tree import Tree, Trees
from shared.contracts.catalogue.disclosure import ByMonth


class MonthlyOfGroups:
    """What is told by month, of each kind, by group and published day."""

    def __init__(
        self, days: Ints, today: int, remembered: Remembered, kinds: Collection[ByMonth] = tuple(ByMonth)
    ) -> None:
        """Nothing heard yet; ``remembered`` is what was told before. Of other kinds than these nothing is told."""
        self.periods: Sequence[Months] = told_of(days, USUAL, USUAL, today)
        self._kinds = [Monthly(today, remembered, kind) for kind in ByMonth if kind in kinds]
        self._kept: dict[tuple[ByMonth, Month], dict[int, tuple[int, ...]]] = {}

    def turn(self, days: Ints, today: int) -> None:
        """A later day of the month begins."""
        self.periods = told_of(days, USUAL, USUAL, today)

    def keep_decided(self, old: "MonthlyOfGroups") -> None:
        """What was decided before, of the same cells and facts, stands."""
        for one, before in zip(self._kinds, old._kinds, strict=True):
            one.keep_decided(before)

    def tells_otherwise(self, old: "MonthlyOfGroups", among: Ints) -> Mask:
        """On which days other months are told of than before; ``among`` are their places among those before."""
        before = [*old.periods, ()]
        pairs = zip(self.periods, among.tolist(), strict=True)
        return np.fromiter((now != before[n] for now, n in pairs), bool, len(among))

    def rest_on(self, facts: Deltas, summed: Deltas | None = None) -> None:
        """Take in facts that what was told rests on; ``summed`` are those whose sums are asked for, None is all."""
        for one in self._kinds:
            one.rest_on(facts, summed)

    def follow_telling(self, came: Sequence[Deltas], remembered: Remembered) -> None:
        """Go over to what another has told, once it rests on the facts that came."""
        for one in self._kinds:
            one.follow_telling(came, remembered)

    def hear(self, facts: Deltas) -> None:
        """Facts came; nothing is told of them before ``tell``."""
        for one in self._kinds:
            one.hear(facts)

    def trim(self) -> None:
        """Give back the space that is kept for cells to come."""
        for one in self._kinds:
            one.trim()

    def copied(self) -> Iterator[Part]:
        """What was told, as ``put_back`` takes it; what came since is not in it."""
        said = [
            [kind.name, month.first, [[row, list(map(str, sums))] for row, sums in rows.items()]]
            for (kind, month), rows in self._kept.items()
        ]
        yield Part("kept", said=said)
        for one in self._kinds:
            yield from one.copied()

    def put_back(self, part: Part) -> None:
        """Take in a part of a copy."""
        if part.name == "kept":
            found = {(ByMonth[kind], month_of(first)): rows for kind, first, rows in part.said}
            self._kept = {key: {row: tuple(map(int, sums)) for row, sums in rows} for key, rows in found.items()}
        else:
            next(one for one in self._kinds if one.kind.name == part.name.split()[1]).put_back(part)

    @property
    def has_news(self) -> bool:
        """Whether anything came since anything was last told, or a month has passed."""
        return any(one.has_news for one in self._kinds)

    @property
    def cells_heard_of(self) -> Ints:
        """The cells that something came of since."""
        return np.unique(np.concatenate([one.cells_heard_of for one in self._kinds]))

    def tell(self, cells: Mapping[int, Cell], trees: Trees) -> Telling:
        """Go over to what came, and say what has to be remembered first."""
        told = [one.tell(Where(cells, trees)) for one in self._kinds]
        return Telling(told[0].until, [keeping for one in told for keeping in one.keeping])

    def hidden(self, cells: Mapping[int, Cell], trees: Trees, groups: Sequence[Group], placed: Tree) -> Mask:
        """Which groups (groups × days × kinds) may not be told of."""
        where, months = Where(cells, trees), sorted(set[Month]().union(*self.periods))
        masks = dict[ByMonth, Mask]()
        self._kept = {}
        for one in self._kinds:
            found = {month: one.standing(where, groups, placed, month) for month in months}
            self._kept |= {(one.kind, month): standing.kept for month, standing in found.items() if standing.kept}
            hidden = {month: standing.hidden for month, standing in found.items()}
            masks[one.kind] = combined(hidden, self.periods, len(groups))
        nothing = np.ones((len(groups), len(self.periods)), bool)
        return of_kinds(masks.get(kind, nothing) for kind in ByMonth)

    @property
    def months(self) -> Sequence[Month]:
        """The months at hand."""
        return self._kinds[0].months

    def by_month(self, members: Sequence[Sequence[int]]) -> dict[Kernel, Ints]:
        """The sums of some groups, by their cells, in the months at hand, whatever was told of these."""
        return {kernel: sums for one in self._kinds for kernel, sums in one.sums(members).items()}

    def sums(self, rows: Ints, members: Sequence[Sequence[int]]) -> Raw:
        """What is told of some groups, by number and by their cells: sums by day."""
        return self.as_told(rows, self.by_month(members))

    def as_told(self, rows: Ints, raw: dict[Kernel, Ints]) -> Raw:
        """What is told of some groups, by number, by day; their sums by month go over to what was told of these."""
        for (kind, month), kept in self._kept.items():
            for n, row in enumerate(rows.tolist()):
                if row in kept:
                    put_back(raw, n, self.months.index(month), kept[row], kind)
        return over(self.months, raw, self.periods)

    def told(self, raw: Raw, columns: Ints, hidden: Mask) -> Disclosed:
        """What is told on some days, from sums of these and of all others."""
        periods = [self.periods[n] for n in columns.tolist()]
        return disclosed({kernel: sums[:, columns] for kernel, sums in raw.items()}, periods, hidden[:, columns])
