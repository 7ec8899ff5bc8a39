"""A book put back from its copy goes on as the book itself would have."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.tree import Tree
from services.metrics.domain.values.book import Book
from services.metrics.ledger.copies import DamagedError, packed, unpacked
from tests.unit.metrics.folding import Standing
from tests.unit.metrics.remembering import Memory
from tests.unit.metrics.test_book import CELLS, ROWS, TODAY, Row, Values, added, taken, turned

TREE = Tree({"u1": "d", "u2": "d"}, {}, {})
DAY = TODAY.toordinal()
STAFFED: list[Row] = [(n, Measure.headcount, DAY - 400, 20 * ONE) for n in range(len(CELLS))]


def book() -> Book:
    """An empty book of the day."""
    return Book(Standing(TREE), DAY, 365)


def put_back(kept: Book, memory: Memory, tree: Tree = TREE) -> Book:
    """A book from the copy of another, of what was told with it."""
    made = Book(Standing(tree), kept.today, 365, remembered=memory.remembered)
    made.know(enumerate(CELLS))
    for part in kept.copied():
        made.put_back(unpacked(packed(part)))
    return made


def published(of: Book) -> Values:
    """What changed, without telling of anything by month."""
    return {(p.group, p.as_of, name): value for day in of.changed() for p in day for name, value in p.metrics.items()}


@given(ROWS, ROWS, st.integers(0, 40), st.booleans())
@settings(max_examples=6, deadline=None)
def test_it_publishes_what_the_book_itself_would(early: list[Row], late: list[Row], days: int, told: bool) -> None:
    """Whatever comes, also another day or month, and whether it is told of by month or not."""
    memory, kept = Memory(), added(book(), [*STAFFED, *early])
    memory.tell(kept)
    published(kept)
    assert kept.is_taken
    again = put_back(kept, memory)
    assert list(again.numbers.items()) == list(kept.numbers.items())
    found = []
    for one in (kept, again):
        added(one, late)
        then = turned(one, DAY + days, [*STAFFED, *early, *late]) if days else one
        found.append(taken(then) if told else published(then))
    assert found[0] == found[1]


@given(ROWS, ROWS)
@settings(max_examples=4, deadline=None)
def test_what_was_told_by_month_since(early: list[Row], late: list[Row]) -> None:
    """Another has told of it: what is published then, and what stays as it was told, is as if this one had."""
    memory, kept = Memory(), added(book(), [*STAFFED, *early])
    memory.tell(kept)
    published(kept)
    parts = [unpacked(packed(part)) for part in kept.copied()]
    added(kept, late)
    memory.tell(kept)
    again = Book(Standing(TREE), DAY, 365, remembered=memory.remembered)
    again.know(enumerate(CELLS))
    for part in parts:
        again.put_back(part)
    again.was_told(late)
    again.sum(late)
    assert published(again) == published(kept)
    assert taken(again) == taken(kept) == {}


def test_nothing_changed() -> None:
    """Nothing is published, and every group stands as it did."""
    memory, kept = Memory(), added(book(), STAFFED)
    memory.tell(kept)
    published(kept)
    again = put_back(kept, memory)
    assert published(again) == {}
    assert {p.group for some in again.shown() for p in some} == set(kept.numbers)


def test_what_is_owed_is_told_once_more() -> None:
    """All of it: it is not known what of it came out."""
    memory, kept = Memory(), added(book(), STAFFED)
    memory.tell(kept)
    first = published(kept)
    again = put_back(kept, memory)
    one = next(iter(kept.numbers))
    again.owe([kept.numbers[one], 10_000])
    assert published(again) == {key: value for key, value in first.items() if key[0] == one}
    assert published(again) == {}


def test_a_unit_that_moved_meanwhile() -> None:
    """A book of another tree follows the one put back, as it would the book itself."""
    memory, kept = Memory(), added(book(), STAFFED)
    memory.tell(kept)
    published(kept)
    again = put_back(kept, memory)
    moved, found = Tree({"u1": "d", "u2": "e"}, {}, {}), []
    for one in (kept, again):
        assert not one.places_alike(moved)
        made = Book(Standing(moved), DAY, 365, remembered=memory.remembered)
        made.follow(one)
        found.append(published(added(made, STAFFED)))
    assert found[0] == found[1]
    assert {group.unit for group, *_ in found[0]} >= {"u2", "d", "e"}


def test_sums_past_the_range() -> None:
    """What 64 bits do not hold is copied as exactly."""
    memory, kept = Memory(), added(book(), [*STAFFED, *[(0, Measure.personnel_cost, DAY - 3, 2**61)] * 9])
    memory.tell(kept)
    published(kept)
    again = put_back(kept, memory)
    more = [(0, Measure.personnel_cost, DAY - 2, 1), (1, Measure.agency_cost, DAY - 2, ONE)]
    assert published(added(again, more)) == published(added(kept, more)) != {}


def test_not_before_all_is_taken() -> None:
    """A book that has something to tell is not to be copied."""
    kept = added(book(), STAFFED)
    assert not kept.is_taken
    taken(kept)
    assert kept.is_taken
    kept.know([(99, Cell("elsewhere", "o"))])
    kept.add([(99, Measure.headcount, DAY, ONE)])
    assert not kept.is_taken


@pytest.mark.parametrize("place", [0, 20, -1])
def test_a_damaged_part(place: int) -> None:
    """A byte that is another is noticed, wherever it is."""
    kept = added(book(), STAFFED)
    taken(kept)
    for part in kept.copied():
        stored = bytearray(packed(part))
        stored[place] ^= 1
        with pytest.raises(DamagedError):
            unpacked(bytes(stored))
