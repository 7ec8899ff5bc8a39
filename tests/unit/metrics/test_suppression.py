"""What is hidden: among sisters, occupations, genders and age bands, on each day by itself, and in every channel."""

from datetime import date

import numpy as np
import pytest

from services.metrics.domain.board import Board
from services.metrics.domain.cell import Cell
from services.metrics.domain.groups import Group
from services.metrics.domain.kernels import LAG
from services.metrics.domain.measures import Measure
from services.metrics.domain.staff import Staff, memory
from services.metrics.domain.suppression import hidden
from services.metrics.domain.tally import ONE
from services.metrics.domain.tree import Tree
from tests.unit.metrics.folding import asked, fold
from tests.unit.metrics.test_attack import municipality

TODAY = date(2025, 6, 30)
ON = TODAY.toordinal()
FLAT = Tree({}, {}, {})

Sizes = dict[Cell, int]


def unspoken(tree: Tree, sizes: Sizes, *, gone: tuple[Cell, ...] = (), limit: int = 10) -> set[Group]:
    """Which units and groups by one dimension are hidden, when so many are in each cell and some have left others."""
    cells = (*sizes, *gone)
    heads = np.array([[sizes.get(cell, 0) * ONE] for cell in cells])
    groups = {Group(unit) for cell in cells for unit in tree.path(cell.unit)}
    for cell in cells:
        for unit in tree.path(cell.unit):
            sides = {"occupation": cell.occupation}, {"gender": cell.gender}, {"age": cell.age}
            groups |= {Group(unit, **side) for side in sides}
    named = sorted(groups)
    mask = hidden(named, Staff(cells, heads, np.ones_like(heads, bool)), tree, limit)[:, 0]
    return {group for group, at in zip(named, mask, strict=True) if at}


def units(tree: Tree, **sizes: int) -> set[str]:
    """Which units are hidden, when so many of the same kind work in each."""
    found = unspoken(tree, {Cell(unit, "o", "f", "50-"): size for unit, size in sizes.items()})
    return {group.unit for group in found if group == Group(group.unit)}


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"a": 11, "b": 20, "c": 30}, set()),
        ({"a": 10, "b": 20, "c": 30}, {"a", "b"}),
        ({"a": 10, "b": 9, "c": 30}, {"a", "b"}),
        ({"a": 4, "b": 5, "c": 20, "d": 30}, {"a", "b", "c"}),
        ({"a": 5, "b": 30}, {"a", "b"}),
        ({"a": 5}, {"a", "*"}),
        ({"a": 10, "b": 20, "c": 20}, {"a", "b"}),
    ],
    ids=[
        "all are large",
        "one is small: the next smallest too",
        "two that are small together are large",
        "two that are small even together: a third",
        "nothing but a sister",
        "nobody else",
        "of two that are as large, the first by name",
    ],
)
def test_sisters(sizes: dict[str, int], expected: set[str]):
    """Units side by side."""
    assert units(FLAT, **sizes) == expected


def test_staff_of_a_unit_above():
    """Who works in a unit and in none below it is a part as well, though nobody can ask for it."""
    tree = Tree({"a": "d", "b": "d"}, {}, {})
    assert units(tree, a=20, b=30, d=15) == set()
    assert units(tree, a=20, b=30, d=3) == {"a"}


@pytest.mark.parametrize("dimension", ["occupation", "gender", "age"])
def test_dimensions(dimension: str):
    """A small occupation, gender or age band takes the next smallest with it, and the units stay."""
    cells = {Cell("u", "o", "f", "50-")._replace(**{dimension: f"v{size}"}): size for size in (3, 20, 40)}
    found = {group for group in unspoken(FLAT, cells) if getattr(group, dimension) != "*"}
    assert found == {Group(unit, **{dimension: value}) for unit in ("u", "*") for value in ("v3", "v20")}
    assert not unspoken(FLAT, cells) & {Group("u"), Group("*")}


def test_those_who_left_are_told_of_for_a_year():
    """A part that is empty today and was not within the year is covered like any small one."""
    sizes = {Cell("a", "o"): 20, Cell("b", "o"): 30}
    assert not unspoken(FLAT, sizes)
    assert Group("a") in unspoken(FLAT, sizes, gone=(Cell("c", "o"),))
    assert memory(30) == LAG


def test_a_difference_across_levels():
    """Everything less a sister and less what is shown inside a hidden one would be four people of two units."""
    tree = Tree({"inside": "sister", "tiny": "sister"}, {}, {})
    assert units(tree, inside=17, tiny=2, small=2, other=60) == {"small", "sister", "tiny", "inside"}


def test_without_a_limit_nothing_is_hidden():
    """A limit of 0 hides nothing."""
    assert unspoken(FLAT, {Cell("a", "o"): 1, Cell("b", "o"): 2}, limit=0) == set()


def test_any_limit():
    """A limit above anything there is hides everything."""
    sizes = {Cell("a", "o"): 400, Cell("b", "o"): 500}
    assert Group("*") not in unspoken(FLAT, sizes, limit=300)
    assert Group("*") in unspoken(FLAT, sizes, limit=900)


def test_nobody_at_all():
    """Groups of which nobody has ever been staff are hidden, and so is everything when nobody is."""
    staff = Staff((), np.zeros((0, 1), np.int64), np.zeros((0, 1), bool))
    assert hidden([Group("a"), Group("*")], staff, FLAT).all()


def test_each_day_by_itself():
    """Many days at once are decided as each is alone."""
    sizes = np.array([[9, 11, 30], [20, 20, 20], [30, 30, 9]]) * ONE
    cells = tuple(Cell(unit, "o") for unit in "abc")
    groups = [Group(unit) for unit in "abc*"]
    together = hidden(groups, Staff(cells, sizes, sizes > 0), FLAT)
    alone = [hidden(groups, Staff(cells, day[:, np.newaxis], day[:, np.newaxis] > 0), FLAT) for day in sizes.T]
    assert (together == np.hstack(alone)).all()
    assert together[:3].T.tolist() == [[True, True, False], [False, False, False], [False, True, True]]


def board(sizes: dict[str, int]) -> Board:
    """A board with so many people in each unit, for years."""
    made = Board(FLAT, ON, 365)
    made.know(enumerate(Cell(unit, "o") for unit in sizes))
    made.add([(n, Measure.headcount, ON - 900, size * ONE) for n, size in enumerate(sizes.values())])
    return made


def sick_rates(of: Board) -> dict[tuple[str, int], str]:
    """The statuses of the units' sick rates that changed, by unit and days from today."""
    return {
        (published.group.unit, published.as_of - ON): published.metrics["sick_rate"].status
        for some in of.changed()
        for published in some
        if published.group == Group(published.group.unit) and "sick_rate" in published.metrics
    }


def test_a_sister_is_published_again():
    """A unit becomes small, and its sister is hidden with it from that day on, though nothing happened there."""
    kept = board({"a": 11, "b": 20, "c": 30})
    assert {status for (unit, _), status in sick_rates(kept).items() if unit == "b"} == {"not_applicable"}
    kept.add([(0, Measure.headcount, ON - 1, -ONE)])
    assert {day for (unit, day), status in sick_rates(kept).items() if unit == "b"} == {-1, 0, 30, 60, 90}
    kept.add([(0, Measure.headcount, ON - 1, ONE)])
    assert {status for (unit, _), status in sick_rates(kept).items() if unit == "b"} == {"not_applicable"}


@pytest.mark.parametrize("seed", [1, 4])
def test_what_is_published_is_what_is_computed(seed: int):
    """The board and ``stadga compute`` hide the same groups on every published day."""
    folded = fold(*municipality(seed).events())
    numbers = {cell: n for n, cell in enumerate({cell for cell, *_ in folded.facts})}
    made = Board(folded.tree, ON, 365)
    made.know((n, cell) for cell, n in numbers.items())
    made.add([(numbers[cell], m, day, delta) for (cell, m, day), delta in folded.facts.items()])
    statuses: dict[int, dict[tuple[str, str], str]] = {}
    for some in made.changed():
        for p in some:
            statuses.setdefault(p.as_of, {})[p.group.unit, p.group.occupation] = p.metrics["sick_rate"].status
    for day in (ON, ON - 28, ON - 5, ON + 90):
        rows = asked(folded, date.fromordinal(day).isoformat())
        assert statuses[day] == {place: row.metrics["sick_rate"].status for place, row in rows.items()}
