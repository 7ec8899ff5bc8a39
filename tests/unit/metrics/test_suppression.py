"""What is hidden: among sisters, occupations, genders and age bands, in every month a window touches."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import pytest

from services.metrics.domain.disclosure.basis import BASES
from services.metrics.domain.disclosure.decisions import Decisions, People
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.kernels import Deltas
from services.metrics.domain.sums.periods import months_of
from services.metrics.domain.sums.tree import Tree, Trees
from services.metrics.domain.values.book import Book
from shared.contracts.catalogue.disclosure import ByMonth
from tests.unit.metrics.folding import Standing, asked, fold
from tests.unit.metrics.test_attack import municipality

TODAY = date(2025, 6, 30)
ON = TODAY.toordinal()
FLAT = Tree({}, {}, {})

LONG_AGO = ON - 2_000

Sizes = dict[Cell, int]
Row = tuple[int, int, int, int]


def hidden(placed: Tree, sizes: Sizes, *, gone: tuple[Cell, ...] = (), limit: int = 10) -> set[Group]:
    """Which units and groups by one dimension are hidden, when so many are in each cell and some have left others."""
    cells = (*sizes, *gone)
    groups = {Group(unit) for cell in cells for unit in placed.path(cell.unit)}
    for cell in cells:
        for unit in placed.path(cell.unit):
            sides = {"occupation": cell.occupation}, {"gender": cell.gender}, {"age": cell.age}
            groups |= {Group(unit, **side) for side in sides}
    facts = [(n, Measure.headcount, LONG_AGO, size * ONE) for n, size in enumerate(sizes.values())]
    facts += [(len(sizes) + n, Measure.sick_spells, ON, ONE) for n, _ in enumerate(gone)]
    return at(placed, cells, facts, sorted(groups), limit=limit)


def at(
    placed: Tree,
    cells: Iterable[Cell],
    facts: Sequence[Row],
    groups: Sequence[Group],
    *,
    window: int = 1,
    limit: int = 10,
    trees: Trees | None = None,
) -> set[Group]:
    """Which of some groups are hidden on the day, over a window."""
    columns = Deltas(*np.array(facts, np.int64).reshape(-1, 4).T)
    people = People(dict(enumerate(cells)), columns, trees or Standing(placed))
    mask = Decisions(BASES[ByMonth.HEALTH]._replace(limit=limit)).hidden(
        people, groups, placed, [tuple(months_of(ON, window))]
    )[:, 0]
    return {group for group, is_hidden in zip(groups, mask, strict=True) if is_hidden}


def units(tree: Tree, **sizes: int) -> set[str]:
    """Which units are hidden, when so many of the same kind work in each."""
    found = hidden(tree, {Cell(unit, "o", "f", "50-"): size for unit, size in sizes.items()})
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
    found = {group for group in hidden(FLAT, cells) if getattr(group, dimension) != "*"}
    assert found == {Group(unit, **{dimension: value}) for unit in ("u", "*") for value in ("v3", "v20")}
    assert not hidden(FLAT, cells) & {Group("u"), Group("*")}


def test_those_who_are_no_permanent_staff_are_a_part():
    """A part that counts nobody, and that sums tell of all the same, is covered like any small one."""
    sizes = {Cell("a", "o"): 20, Cell("b", "o"): 30}
    assert not hidden(FLAT, sizes)
    assert Group("a") in hidden(FLAT, sizes, gone=(Cell("c", "o"),))


def test_a_difference_across_levels():
    """Everything less a sister and less what is shown inside a hidden one would be four people of two units."""
    tree = Tree({"inside": "sister", "tiny": "sister"}, {}, {})
    assert units(tree, inside=17, tiny=2, small=2, other=60) == {"small", "sister", "tiny", "inside"}


def test_without_a_limit_nothing_is_hidden():
    """A limit of 0 hides nothing."""
    assert hidden(FLAT, {Cell("a", "o"): 1, Cell("b", "o"): 2}, limit=0) == set()


def test_any_limit():
    """A limit above anything there is hides everything."""
    sizes = {Cell("a", "o"): 400, Cell("b", "o"): 500}
    assert Group("*") not in hidden(FLAT, sizes, limit=300)
    assert Group("*") in hidden(FLAT, sizes, limit=900)


def test_nobody_at_all():
    """Of a group that nobody is in there is nothing to hide."""
    assert at(FLAT, [], [], [Group("a"), Group("*")]) == set()


ABC = [Cell(unit, "o") for unit in "abc"]
UNITS = [Group(unit) for unit in "abc*"]


def staffed(*changes: tuple[str, int, int]) -> list[Row]:
    """Twenty in each of the units a, b and c, and what changes: in which unit, how many days ago, by how many."""
    steady = [(n, Measure.headcount, LONG_AGO, 20 * ONE) for n in range(3)]
    return steady + [("abc".index(unit), Measure.headcount, ON - ago, by * ONE) for unit, ago, by in changes]


@pytest.mark.parametrize(
    ("changes", "window", "expected"),
    [
        ([], 365, set()),
        ([("a", 20, -15), ("a", 19, 15)], 30, {"a", "b"}),
        ([("a", 20, -15), ("a", 19, 15)], 365, {"a", "b"}),
        ([("a", 50, -15), ("a", 49, 15)], 30, set()),
        ([("a", 50, -15), ("a", 49, 15)], 365, {"a", "b"}),
        ([("a", 300, -15)], 365, {"a", "b"}),
        ([("a", 800, -15), ("a", 300, 15)], 365, {"a", "b"}),
        ([("a", 800, -15), ("a", 400, 15)], 365, set()),
        ([("a", 200, -15), ("a", 180, 15), ("c", 100, -15), ("c", 80, 15)], 365, {"a", "b", "c"}),
    ],
    ids=[
        "all are large on every day",
        "small on one day of this month",
        "that day within a year",
        "small on a day of an earlier month: this month is another",
        "and the year is not",
        "a group that shrank",
        "a group that grew within the year",
        "a group that grew before it",
        "each in another month",
    ],
)
def test_every_day_that_a_window_touches(changes: list[tuple[str, int, int]], window: int, expected: set[str]):
    """A group is shown where it, and what complements it, is large on every day of every month of the window."""
    assert at(FLAT, ABC, staffed(*changes), UNITS, window=window) == {Group(unit) for unit in expected}


class Moving(Trees):
    """Another tree from today on."""

    def __init__(self, before: Tree, then: Tree) -> None:
        super().__init__({})
        self._both = before, then

    def on(self, as_of: int) -> Tree:
        """The one or the other."""
        return self._both[as_of >= ON]

    early = on


def test_a_unit_that_moved():
    """What a move makes of the past is shown where it is the same people as before: else two trees differ by a unit."""
    cells = [Cell(unit, "o") for unit in ("a", "b", "c", "tiny")]
    facts = [(n, Measure.headcount, LONG_AGO, size * ONE) for n, size in enumerate((20, 30, 40, 3))]
    before, then = Tree({"a": "d", "tiny": "d", "b": "e"}, {}, {}), Tree({"a": "d", "tiny": "e", "b": "e"}, {}, {})
    groups = [Group(unit) for unit in ("a", "b", "c", "d", "e", "*")]
    assert {Group("a")} == at(before, cells, facts, groups)
    assert {Group("b")} == at(then, cells, facts, groups)
    hidden = at(then, cells, facts, groups, trees=Moving(before, then))
    assert {group.unit for group in hidden} == {"a", "d", "e"}


def book(sizes: dict[str, int]) -> Book:
    """A book with so many people in each unit, for years."""
    made = Book(Standing(FLAT), ON, 365)
    made.know(enumerate(Cell(unit, "o") for unit in sizes))
    made.add([(n, Measure.headcount, ON - 900, size * ONE) for n, size in enumerate(sizes.values())])
    return made


def sick_rates(of: Book) -> dict[tuple[str, int], str]:
    """The statuses of the units' sick rates that changed, by unit and days from today."""
    of.tell()
    return {
        (published.group.unit, published.as_of - ON): published.metrics["sick_rate"].status
        for some in of.changed()
        for published in some
        if published.group == Group(published.group.unit) and "sick_rate" in published.metrics
    }


def test_a_sister_is_hidden_for_good():
    """A unit turns out to have been small: its sister is hidden with it, though nothing happened there, for good."""
    kept = book({"a": 11, "b": 20, "c": 30})
    told = {day: status for (unit, day), status in sick_rates(kept).items() if unit == "b"}
    assert told == {**dict.fromkeys(range(-28, 1), "not_applicable"), **dict.fromkeys((30, 60, 90), "suppressed")}
    kept.add([(0, Measure.headcount, ON - 70, -ONE)])
    assert {day for (unit, day), status in sick_rates(kept).items() if unit == "b"} == {*range(-28, 1)}
    kept.add([(0, Measure.headcount, ON - 70, ONE)])
    assert not sick_rates(kept)


@pytest.mark.parametrize("seed", [1, 4])
def test_what_is_published_is_what_is_computed(seed: int):
    """The book and ``stadga compute`` hide the same groups on every published day."""
    folded = fold(*municipality(seed).events())
    numbers = {cell: n for n, cell in enumerate({cell for cell, *_ in folded.facts})}
    made = Book(Trees(folded.memory.definitions), ON, 365)
    made.know((n, cell) for cell, n in numbers.items())
    made.add([(numbers[cell], m, day, delta) for (cell, m, day), delta in folded.facts.items()])
    made.tell()
    statuses: dict[int, dict[tuple[str, str], str]] = {}
    for some in made.changed():
        for p in some:
            statuses.setdefault(p.as_of, {})[p.group.unit, p.group.occupation] = p.metrics["sick_rate"].status
    for day in (ON - 1, ON - 28, ON - 5):
        rows = asked(folded, date.fromordinal(day).isoformat())
        assert statuses[day] == {place: row.metrics["sick_rate"].status for place, row in rows.items()}
    assert set(statuses[ON + 90].values()) == {"suppressed"}
