"""What a book tells of one kind by month, as of health: cells' sums as they were told, what came since, what stays.

What was told of a month stays known. So when it turns out later that others were there, a group that was told of is
told as it was, unless those who came or went are a group that may be told of by itself; and a group that was hidden
stays hidden. Reports about the same people change a month as they come.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from services.metrics.domain.disclosure.basis import BASES, COUNTED
from services.metrics.domain.disclosure.corrections import changed_in, staying, tells_nothing, touches
from services.metrics.domain.disclosure.decisions import Decision, Decisions, MonthStanding, People
from services.metrics.domain.disclosure.remembered import Keeping, Kept, Remembered, Telling
from services.metrics.domain.disclosure.sums_by_cell import SumsByCell, latest
from services.metrics.domain.disclosure.told import KERNELS_OF, MEASURES
from services.metrics.domain.facts.cell import FOREVER, Cell
from services.metrics.domain.sums.copied import Part
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.kernels import Deltas, Ints, Kernel, KernelSums
from services.metrics.domain.sums.merging import Merging
from services.metrics.domain.sums.periods import Month, months_of
from services.metrics.domain.sums.tree import Tree, Trees
from shared.contracts.catalogue.disclosure import ByMonth

HEARD = COUNTED | MEASURES
"""The measures that matter to what is told by month."""


class Where(NamedTuple):
    """All cells by number, and the unit trees."""

    cells: Mapping[int, Cell]
    trees: Trees


class Monthly:
    """Sums by cell and month. Of one thread at a time."""

    def __init__(self, today: int, remembered: Remembered, kind: ByMonth = ByMonth.HEALTH) -> None:
        """Nothing heard yet; ``remembered`` is what was told before."""
        self.kind, self._basis, self._kernels = kind, BASES[kind], KERNELS_OF[kind]
        self._sums = SumsByCell(latest(today), self._kernels)
        self.months, self.until = self._sums.months, remembered.until
        self._kept = self._stays(remembered)
        self._people, self._decisions = Merging(), Decisions(self._basis)
        self._heard = self._basis.measures.union(measure for measure, _ in self._kernels)
        self._news: list[Deltas] = []
        self._unsummed: list[Deltas] = []

    def keep_decided(self, old: "Monthly") -> None:
        """What was decided of months, from the same cells and facts, is not decided again."""
        self._decisions = old._decisions

    def _stays(self, remembered: Remembered) -> dict[Month, dict[Group, Kept]]:
        return {month: dict(groups) for month, groups in remembered.kept.get(self.kind, {}).items()}

    @property
    def has_news(self) -> bool:
        """Whether anything came since this was last told, or a month has passed."""
        return bool(self._news) or self.months[-1].last > self.until

    @property
    def cells_heard_of(self) -> Ints:
        """The cells that something came of since this was last told."""
        return np.unique(_together(self._news).cells)

    def rest_on(self, facts: Deltas, summed: Deltas | None = None) -> None:
        """Take in facts that what was told rests on; ``summed`` are those whose sums are asked for, None is all."""
        self._people.add([facts.of(self._basis.measures)])
        self._sums.add(facts if summed is None else summed)

    def follow_telling(self, came: Sequence[Deltas], remembered: Remembered) -> None:
        """Go over to what another has told, once it rests on the facts that ``came``: to what stays from now on."""
        self._decisions.forget(int(_together(came).of(self._basis.measures).days.min(initial=FOREVER)))
        self._kept, self.until = self._stays(remembered), remembered.until

    def trim(self) -> None:
        """Give back the space that is kept for cells to come."""
        self._sums.held.trim()

    def copied(self) -> Iterator[Part]:
        """What was told and what that rests on, but for what was remembered of it."""
        self._sum()
        name = self.kind.name
        yield Part(f"people {name}", tuple(self._people.facts))
        for (measure, kernel), cells, sums in self._sums.held.parts():
            yield Part(f"months {name} {measure} {kernel}", (cells, sums))

    def put_back(self, part: Part) -> None:
        """Take in a part of a copy."""
        what, _, *kernel = part.name.split()
        if what == "people":
            self._people.add([Deltas(*part.arrays)])
        else:
            measure, weighed = map(int, kernel)
            self._sums.held.add(KernelSums((measure, weighed), *part.arrays))

    def hear(self, facts: Deltas) -> None:
        """Facts came; nothing is told of them before ``tell``."""
        if len((news := facts.of(self._heard)).cells):
            self._news.append(news)

    def tell(self, where: Where) -> Telling:
        """Go over to what came, and say what has to be remembered before anything is told of it."""
        news, self._news = _together(self._news), []
        came = news.of(self._basis.measures)
        before = self._before(came, where)
        where = where._replace(trees=where.trees.renewed)
        self._people.add([came])
        self._decisions.forget(int(came.days.min(initial=FOREVER)))
        kept = [one for month in before for one in self._keep(month, before[month], came, where)]
        self._unsummed.append(news)
        for _, month, group, sums in kept:
            self._kept.setdefault(month, {})[group] = sums
        self.until = self.months[-1].last
        return Telling(self.until, kept)

    def standing(self, where: Where, groups: Sequence[Group], placed: Tree, month: Month) -> MonthStanding:
        """How groups stand in a month; of one that was told of to nobody yet, nothing is told."""
        if month.last > self.until:
            return MonthStanding(np.ones(len(groups), bool), {})
        people = People(where.cells, self._people.facts, where.trees)
        return self._decisions.standing(people, groups, placed, month, self._kept.get(month, {}))

    def sums(self, members: Sequence[Sequence[int]]) -> dict[Kernel, Ints]:
        """The sums of groups (by the numbers of their cells) in the months at hand."""
        self._sum()
        return self._sums.of(members)

    def _sum(self) -> None:
        if self._unsummed:
            news, self._unsummed = _together(self._unsummed), []
            self._sums.add(news)

    def _before(self, came: Deltas, where: Where) -> dict[Month, Decision]:
        """How months stood of which something was told and others turn out to have been there, or elsewhere."""
        people = People(where.cells, self._people.facts, where.trees)
        if not len(people.facts.cells):
            return {}
        anew, cells = where.trees.has_news, 1 + max(where.cells)
        first = int((people.facts if anew else came).days.min(initial=FOREVER))
        months = months_of(self.until, self.until - first + 1) if first <= self.until else []
        touched = (month for month in months if anew or touches(month, came, cells, self._basis))
        found = {month: self._decisions.decision(people, month) for month in touched}
        return {month: decision for month, decision in found.items() if not tells_nothing(decision)}

    def _keep(self, month: Month, before: Decision, came: Deltas, where: Where) -> Iterable[Keeping]:
        """What has to stay of a month."""
        people = People(where.cells, self._people.facts, where.trees)
        changed = changed_in(month, came, people, before, self._basis)
        after = self._decisions.decision(people, month)
        if not changed.cells and after.trees.alike(before.trees, month.first):
            return []
        stay = staying(changed, before, after, self._kept.get(month, {}), self._basis.limit)
        sums = self._as_told(month, [one.group for one in stay if one.told], before, where)
        return [Keeping(self.kind, month, one.group, sums.get(one.group)) for one in stay]

    def _as_told(
        self, month: Month, groups: list[Group], before: Decision, where: Where
    ) -> dict[Group, tuple[int, ...]]:
        """The sums of a month that groups were told with; none of one that is not at hand."""
        if month not in self.months or not groups:
            return {}
        numbers = {cell: n for n, cell in where.cells.items()}
        members = before.tables.members.tocsr()[before.tables.rows(groups)]
        own = [[numbers[before.tables.cells[n]] for n in row.indices.tolist()] for row in members]
        sums, column = self.sums(own), self.months.index(month)
        return {g: tuple(int(sums[kernel][n, column]) for kernel in self._kernels) for n, g in enumerate(groups)}


def _together(portions: Sequence[Deltas]) -> Deltas:
    none = Deltas(*np.zeros((4, 0), np.int64))
    return Deltas(*map(np.concatenate, zip(none, *portions, strict=True)))
