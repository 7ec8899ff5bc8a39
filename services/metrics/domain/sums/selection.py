"""What a question is about: the groups that are asked for, and which cells count alike in them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.sums.groups import DIMENSIONS, Group
from services.metrics.domain.sums.tree import Tree
from shared.contracts.metrics import ALL

Side = Mapping[str, str]
"""The values of some dimensions."""


class Selection(NamedTuple):
    """One unit's subtree (None: each unit's) as a whole, and besides each of its groups ``by`` these dimensions.

    ``fixed`` names the value of dimensions that are neither a whole nor asked for one by one.
    """

    unit: str | None = ALL
    by: frozenset[str] = frozenset()
    fixed: Side = MappingProxyType({})

    @property
    def within_units(self) -> bool:
        """Whether groups are asked for that are described more closely than by their unit."""
        return bool(self.by or self.fixed)

    def groups(self, path: Sequence[str], cell: Cell) -> Iterator[Group]:
        """The asked-for groups that a cell counts in, whose unit and those above it are the path."""
        known = dict(zip(DIMENSIONS, cell[1:], strict=True))
        if all(known[name] == value for name, value in self.fixed.items()):
            for unit in path if self.unit is None else (self.unit,) * (self.unit in path):
                for narrowed in self._narrowed():
                    yield Group(unit, **self.fixed, **{name: known[name] for name in narrowed})

    def _narrowed(self) -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = [()]
        for name in sorted(self.by - self.fixed.keys()):
            found += [(*narrowed, name) for narrowed in found]
        return found

    def alike(self, cell: Cell) -> tuple[str, ...]:
        """What is equal for cells of a unit that count in the same groups."""
        return tuple(v if n in self.by or n in self.fixed else ALL for n, v in zip(DIMENSIONS, cell[1:], strict=True))


class Classes(NamedTuple):
    """Cells that count in the same asked-for groups are one class: what they hold is summed before it is weighed.

    ``of`` gives the class of each cell's number, ``belongs`` the groups (by place in ``groups``) of each class.
    """

    groups: list[Group]
    of: dict[int, int]
    belongs: list[list[int]]


def classes(cells: Iterable[tuple[int, Cell]], tree: Tree, selection: Selection) -> Classes:
    """The classes of those cells that count in any asked-for group."""
    groups: dict[Group, int] = {}
    known: dict[tuple[int, ...], int] = {}
    met: dict[tuple[str, ...], tuple[int, ...]] = {}
    of: dict[int, int] = {}
    for number, cell in cells:
        if (kind := (cell.unit, *selection.alike(cell))) not in met:
            wanted = selection.groups(tree.path(cell.unit), cell)
            met[kind] = tuple(groups.setdefault(group, len(groups)) for group in wanted)
        if belongs := met[kind]:
            of[number] = known.setdefault(belongs, len(known))
    return Classes(list(groups), of, [list(belongs) for belongs in known])
