"""A book that takes the place of another: what was published by the old one is not published again."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.tree import Tree
from services.metrics.domain.values.book import Book
from tests.unit.metrics.folding import Standing
from tests.unit.metrics.test_book import ROWS, TODAY, Row, Values, added, taken

BEFORE = Tree({"u1": "d", "u2": "d"}, {}, {})
MOVED = Tree({"u1": "d", "u2": "e"}, {}, {})
DAY = TODAY.toordinal()


def book(tree: Tree, day: int = DAY) -> Book:
    """An empty book of a day."""
    return Book(Standing(tree), day, 365)


def following(old: Book, tree: Tree, rows: list[Row], day: int = DAY) -> Book:
    """A book of all facts in the old one's place."""
    made = book(tree, day)
    made.follow(old)
    return added(made, rows)


@given(ROWS, ROWS, ROWS, st.integers(0, 40), st.booleans())
@settings(max_examples=12, deadline=None)
def test_together_they_come_to_what_a_new_board_shows(
    early: list[Row], late: list[Row], later: list[Row], days: int, between: bool
):
    """Whatever came between, also a third tree: what was published adds up to all that a new book publishes."""
    kept, told = added(book(BEFORE), early), Values()
    told |= taken(kept)
    added(kept, late)
    if between:
        kept = following(kept, Tree({}, {}, {}), [*early, *late])
    kept = following(kept, MOVED, [*early, *late], DAY + days)
    added(kept, later)
    told |= taken(kept)
    wanted = taken(added(book(MOVED, DAY + days), [*early, *late, *later]))
    assert {key: value for key, value in told.items() if key in wanted} == wanted
    assert taken(kept) == {}


@given(ROWS)
@settings(max_examples=8, deadline=None)
def test_what_is_alike_is_not_published_again(rows: list[Row]):
    """Under a tree that differs where nobody is, nothing is."""
    old = added(book(BEFORE), rows)
    taken(old)
    assert taken(following(old, BEFORE._replace(parents={**BEFORE.parents, "new": "d"}), rows)) == {}


def test_a_unit_that_moves():
    """The groups of it, of what it left and of where it went are published; those of its sibling are not."""
    rows: list[Row] = [(n, Measure.headcount, DAY - 400, 20 * ONE) for n in range(6)]
    old = added(book(BEFORE), rows)
    taken(old)
    changed = taken(following(old, MOVED, rows))
    assert {group.unit for group, *_ in changed} == {"u2", "d", "e"}
    moved = {day for group, day, _ in changed if group.unit == "u2"}
    assert moved == {DAY}


def test_a_unit_that_nobody_is_in_any_more():
    """What was above a unit that moved away is told of once more: as empty."""
    rows: list[Row] = [(2, Measure.headcount, DAY - 400, 20 * ONE)]
    old = added(book(Tree({"u2": "e"}, {}, {})), rows)
    taken(old)
    changed = taken(following(old, Tree({}, {}, {}), rows))
    assert changed[Group("e"), DAY, "headcount"].value == 0


def test_a_name():
    """Who has another name is published of today, and nobody else."""
    kept = added(book(BEFORE), [(n, Measure.headcount, DAY - 400, 20 * ONE) for n in range(6)])
    taken(kept)
    named = BEFORE._replace(names={"u1": "Unit one"})
    assert kept.places_alike(named)
    kept.rename(Standing(named), DAY)
    changed = taken(kept)
    assert {(group.unit, day) for group, day, _ in changed} == {("u1", DAY)}
    assert taken(kept) == {}


def test_units_that_differ_in_their_place():
    """A tree that moves somebody is not alike; one that moves nobody is."""
    kept = added(book(BEFORE), [(0, Measure.headcount, DAY, ONE)])
    assert kept.places_alike(MOVED)
    added(kept, [(2, Measure.headcount, DAY, ONE)])
    assert not kept.places_alike(MOVED)


def test_a_cell_after_the_tree_was_replaced():
    """Who comes after a tree that places all so far alike is counted where that tree has them."""
    kept = added(book(Tree({}, {}, {})), [(4, Measure.headcount, DAY - 1, ONE)])
    kept.rename(Standing(BEFORE), DAY)
    kept.know([(9, Cell("u1", "o"))])
    kept.add([(9, Measure.headcount, DAY - 1, ONE)])
    assert taken(kept)[Group("d"), DAY, "headcount"].value == 2


def test_a_unit_that_is_closed():
    """It is published of today, once, and those who are still in it are counted, by the day."""
    rows: list[Row] = [(n, Measure.headcount, DAY - 400, 20 * ONE) for n in (0, 2, 4)]
    rows += [(0, Measure.fixed_term_headcount, DAY - 10, 3 * ONE), (4, Measure.headcount, DAY + 1, -8 * ONE)]
    kept = added(book(BEFORE), rows)
    taken(kept)
    assert kept.in_closed_units == 0
    kept.rename(Standing(BEFORE._replace(closed={"u1"})), DAY)
    changed = taken(kept)
    assert {(group.unit, day) for group, day, _ in changed} == {("u1", DAY)}
    assert kept.in_closed_units == 23
    kept.rename(Standing(BEFORE._replace(closed={"d"})), DAY)
    assert kept.in_closed_units == 20
