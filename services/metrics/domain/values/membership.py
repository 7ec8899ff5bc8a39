"""Who counts where on a book: the cells met so far, the groups each counts in, and facts as columns of these."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import ArrayLike

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import family
from services.metrics.domain.sums.copied import Part
from services.metrics.domain.sums.groups import Group, Roster
from services.metrics.domain.sums.kernels import Deltas, Ints
from services.metrics.domain.sums.shard import WHOLE, Shard
from services.metrics.domain.sums.tree import Tree

PORTION = 4_000
"""Facts summed at once: enough to be quick, and what is made of them on the way stays small."""
NOWHERE = -1
"""The place of a cell that no table can be made of."""
PUBLISHED_BY = ("occupation",)
"""What units are broken down by in what is published unasked."""


class Membership:
    """The cells of a book by the numbers that facts carry, and the groups they count in."""

    def __init__(self, tree: Tree, shard: Shard = WHOLE) -> None:
        """Nobody is met yet; there will be groups of the units of the ``shard``."""
        self.roster = Roster(tree, PUBLISHED_BY, shard)
        self._shard = shard
        self._named: dict[int, Cell] = {}
        self._places: dict[int, int] = {}
        self._members: list[list[int]] = []
        self._left: set[int] = set()

    def know(self, cells: Iterable[tuple[int, Cell]]) -> None:
        """Learn the cells behind the numbers; those that never have any facts make no group."""
        self._named.update(cells)

    def meet(self, numbers: Iterable[int]) -> None:
        """Give cells that are known their places, whether their facts come or not."""
        for number in numbers:
            self._place(number)

    @property
    def counted(self) -> list[int]:
        """The numbers of the cells met that count in any group."""
        belongs = self.roster.belongs
        return [number for number, place in self._places.items() if place != NOWHERE and belongs[place]]

    @property
    def unsound(self) -> list[Cell]:
        """Cells that no table can be made of."""
        return [cell for cell in self._named.values() if not cell.is_sound]

    @property
    def empty(self) -> list[Group]:
        """The groups taken over from an earlier book that nobody belongs to in this tree."""
        groups = list(self.roster.groups) if self._left else []
        return [groups[number] for number in self._left]

    def follow(self, old: "Membership") -> None:
        """Take over the groups of an earlier book with their numbers; they are empty until somebody is met."""
        self.roster.groups.update(old.roster.groups)
        self._left = set(range(len(old.roster.groups)))

    def copied(self) -> Iterator[Part]:
        """All groups by number, and the numbers of the cells met, in the order they were."""
        yield Part("groups", said=list(self.roster.groups))
        cells = np.array(list(self._met), np.int64)
        yield Part("cells", (cells, np.array(sorted(self._left), np.int64)))

    def put_back(self, part: Part) -> None:
        """Take in a part of a copy; the cells are known."""
        if part.name == "groups":
            self.roster.groups.update((Group(*group), n) for n, group in enumerate(part.said))
        else:
            cells, left = part.arrays
            for number in cells.tolist():
                self._place(number)
            self._left = set(left.tolist())

    @property
    def _met(self) -> list[int]:
        return [number for number, place in self._places.items() if place != NOWHERE]

    def columns(self, facts: ArrayLike, wanted: frozenset[int], portion: int = PORTION) -> Iterator[Deltas]:
        """Facts (cell number, measure, day, delta) of some measures, bins as the first of their kind, in portions."""
        table = np.asarray(facts, np.int64).reshape(-1, 4)
        ours = [m for m in np.unique(table[:, 1]).tolist() if family(m) in wanted]
        cells, measures, days, deltas = table[np.isin(table[:, 1], ours)].T
        numbers, where = np.unique(cells, return_inverse=True)
        places = np.array([self._place(number) for number in numbers.tolist()], np.int64)[where]
        sound = np.flatnonzero(places != NOWHERE)
        for n in range(0, len(sound), portion):
            some = sound[n : n + portion]
            yield Deltas(places[some], measures[some], days[some], deltas[some])

    def own(self, facts: Deltas) -> Deltas:
        """Those of the cells that count in any group."""
        if self._shard.is_whole:
            return facts
        cells, where = np.unique(facts.cells, return_inverse=True)
        ours = np.array([bool(self.roster.belongs[cell]) for cell in cells.tolist()], bool)[where]
        return Deltas(*(column[ours] for column in facts))

    def groups_of(self, cells: Ints) -> set[int]:
        """The groups that any of these cells, by their places, count in."""
        return {group for cell in cells.tolist() for group in self.roster.belongs[cell]}

    def members(self, groups: Ints) -> list[list[int]]:
        """The places of the cells of each group."""
        return [self._members[group] for group in groups.tolist()]

    def _place(self, number: int) -> int:
        """The place of a cell in the roster."""
        if number not in self._places:
            cell = self._named[number]
            self._places[number] = self.roster.cell(cell) if cell.is_sound else NOWHERE
            if cell.is_sound:
                self._joined(self._places[number])
        return self._places[number]

    def _joined(self, place: int) -> None:
        """A cell was met: its groups are not empty."""
        groups = self.roster.belongs[place]
        self._left.difference_update(groups)
        self._members += [[] for _ in range(len(self.roster.groups) - len(self._members))]
        for group in groups:
            self._members[group].append(place)
