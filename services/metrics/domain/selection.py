"""What a question is about: the groups that are asked for, and which cells count alike in them."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from services.metrics.domain.cell import Cell
from services.metrics.domain.groups import Group, groups_of
from services.metrics.domain.tree import Tree
from shared.contracts.metrics import ALL

DIMENSIONS = ("occupation", "gender", "age")


class Selection(NamedTuple):
    """One unit's subtree (None: each unit's) as a whole, and besides each of its groups ``by`` these dimensions.

    ``fixed`` names the value of dimensions that are neither a whole nor asked for one by one.
    """

    unit: str | None = ALL
    by: frozenset[str] = frozenset()
    fixed: Mapping[str, str] = {}

    def wants(self, group: Group) -> bool:
        """Whether the group is asked for."""
        if self.unit not in {None, group.unit}:
            return False
        sides = zip(group._fields[1:], group[1:], strict=True)
        return all(side in self.by or value == self.fixed.get(side, ALL) for side, value in sides)


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
    of: dict[int, int] = {}
    for number, cell in cells:
        wanted = (g for g in groups_of(cell, tree) if selection.wants(g))
        if belongs := tuple(groups.setdefault(g, len(groups)) for g in wanted):
            of[number] = known.setdefault(belongs, len(known))
    return Classes(list(groups), of, [list(belongs) for belongs in known])
