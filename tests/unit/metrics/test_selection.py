"""What a question is about."""

import pytest

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.sums.groups import Group, groups_of
from services.metrics.domain.sums.selection import Selection, classes
from services.metrics.domain.sums.tree import Tree

TREE = Tree({"u": "d", "v": "d"}, {}, {})
CELLS = [Cell(u, o, g, a) for u in ("u", "v", "d") for o in ("o", "p") for g in "fm" for a in ("-29", "50-")]


@pytest.mark.parametrize(
    ("selection", "groups"),
    [
        (Selection("*"), {Group("*")}),
        (Selection("d"), {Group("d")}),
        (Selection(None), {Group("u"), Group("v"), Group("d"), Group("*")}),
        (Selection("u", frozenset({"gender"})), {Group("u"), Group("u", gender="f"), Group("u", gender="m")}),
        (Selection("d", fixed={"occupation": "o"}), {Group("d", "o")}),
        (
            Selection("*", frozenset({"gender"}), {"occupation": "o"}),
            {Group("*", "o"), Group("*", "o", "f"), Group("*", "o", "m")},
        ),
    ],
    ids=["everything", "a unit", "each unit", "by gender", "one occupation", "one occupation by gender"],
)
def test_groups_asked_for(selection: Selection, groups: set[Group]):
    """The groups named, and no others."""
    assert set(classes(enumerate(CELLS), TREE, selection).groups) == groups


@pytest.mark.parametrize("by", [(), ("occupation",), ("gender", "age")])
@pytest.mark.parametrize("unit", ["*", "d", "u", None])
def test_each_cell_counts_where_it_belongs(unit: str | None, by: tuple[str, ...]):
    """A cell's class counts in those of the cell's own groups that are asked for."""
    found = classes(enumerate(CELLS), TREE, Selection(unit, frozenset(by if unit == "*" else by[:1])))
    for number, cell in enumerate(CELLS):
        own = {found.groups[g] for g in found.belongs[found.of[number]]} if number in found.of else set()
        assert own == set(groups_of(cell, TREE)) & set(found.groups)


def test_cells_alike_are_one_class():
    """What counts in the same groups is summed before it is weighed."""
    assert len(classes(enumerate(CELLS), TREE, Selection("*")).belongs) == 1
    assert len(classes(enumerate(CELLS), TREE, Selection("*", frozenset({"gender"}))).belongs) == 2
