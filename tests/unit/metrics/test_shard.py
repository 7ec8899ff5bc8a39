"""Units dealt to shards: each to one, and what the books of all of them publish is what the book of everything does."""

from collections import Counter
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.shard import WHOLE, Shard, dealt
from services.metrics.domain.sums.tree import Tree
from services.metrics.domain.values.book import Book
from shared.contracts.metrics import ALL, MetricValue
from tests.unit.metrics.folding import Standing
from tests.unit.metrics.remembering import Memory
from tests.unit.metrics.test_telling import LONG_AGO, MAY, TODAY, Row

TREE = Standing(Tree({"u1": "d", "u2": "d", "u3": "e", "e": "d"}, {}, {}))
CELLS = [Cell(unit, occupation) for unit in ("u1", "u2", "u3", "e", "f") for occupation in "op"]
Values = dict[tuple[Group, int, str], MetricValue]


@pytest.mark.parametrize("shards", [1, 2, 3, 4, 7, 64])
def test_every_unit_is_in_one(shards: int):
    """Whatever its name; everything together is in the first."""
    for unit in (ALL, "", "u1", "Ängsgården/Söder 3", "x" * 500, "\N{GRINNING FACE}"):
        assert [shard for shard in range(shards) if Shard(shard, shards).has(unit)] == [dealt(unit, shards)]
    assert Shard(0, shards).has(ALL)
    assert [Shard(n, shards).is_first for n in range(shards)] == [n == 0 for n in range(shards)]


def test_they_are_dealt_as_ever():
    """Replicas of two releases have to agree: another way would have some units published by two, and some by none."""
    assert {unit: dealt(unit, 4) for unit in (ALL, "d", "ifo", "u1", "u2")} == {
        ALL: 0,
        "d": 0,
        "ifo": 1,
        "u1": 2,
        "u2": 0,
    }


def test_they_are_dealt_evenly():
    """Of ten thousand units each of four shards has about as many."""
    counted = Counter(dealt(f"unit-{n:05}", 4) for n in range(10_000))
    assert max(counted.values()) < 1.1 * min(counted.values())


class Kept(NamedTuple):
    """A book, and what it has published so far."""

    book: Book
    told: Values

    def publish(self) -> None:
        """Give out what changed."""
        self.told.update(
            {(p.group, p.as_of, name): v for some in self.book.changed() for p in some for name, v in p.metrics.items()}
        )


def kept(shard: Shard, memory: Memory) -> Kept:
    """An empty book that knows all cells."""
    book = Book(TREE, TODAY, 365, remembered=memory.remembered, shard=shard)
    book.know(enumerate(CELLS))
    return Kept(book, {})


PEOPLE = st.tuples(
    st.integers(0, len(CELLS) - 1), st.integers(-3, 14), st.sampled_from([LONG_AGO, MAY, MAY + 10]), st.integers(0, 20)
)
BATCHES = st.lists(st.lists(PEOPLE, max_size=6), max_size=4)


def rows(people: list[tuple[int, int, int, int]]) -> list[Row]:
    """Some who are there from a day on, at full time, and days of sickness among them."""
    found = []
    for cell, heads, day, sick in people:
        found += [(cell, measure, day, heads * ONE) for measure in (Measure.headcount, Measure.scheduled_fte)]
        found += [(cell, Measure.sick_fte, MAY, ONE), (cell, Measure.sick_fte, MAY + sick, -ONE)]
    return found


@given(BATCHES, st.integers(2, 5), st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_together_they_publish_what_one_does(batches: list[list[tuple[int, int, int, int]]], count: int, late: int):
    """Values, and who is hidden of them: the first shard tells, the others follow, one of them some tellings later."""
    whole, first, memories = kept(WHOLE, Memory()), kept(Shard(0, count), Memory()), (Memory(), Memory())
    others = [kept(Shard(n, count), Memory()) for n in range(1, count)]
    behind = list[list[Row]]()
    for n, people in enumerate(batches):
        some = rows(people)
        for one, memory in zip((whole, first), memories, strict=True):
            one.book.add(some)
            memory.tell(one.book)
            one.publish()
        behind.append(some)
        for one in others:
            one.book.sum(some)
        if n >= late or n == len(batches) - 1:
            for one in others:
                one.book.follow_telling(behind, memories[1].remembered, TREE)
                one.publish()
            behind = []
    together = {key: value for one in (first, *others) for key, value in one.told.items()}
    assert together == whole.told
    assert sum(len(one.told) for one in (first, *others)) == len(whole.told)


def test_a_book_is_made_of_the_facts_of_its_cells_alone():
    """Those of others are met, and told of where something is decided among all; their sums are not asked for."""
    everybody = rows([(n, 12, LONG_AGO, n) for n in range(len(CELLS))])
    memory = Memory()
    whole = kept(WHOLE, memory)
    whole.book.add(everybody)
    memory.tell(whole.book)
    whole.publish()
    read = set[int]()
    for shard in (Shard(n, 4) for n in range(1, 4)):
        made = kept(shard, memory)
        made.book.meet(range(len(CELLS)))
        ours = set(made.book.counted)
        assert len(ours) < len(CELLS)
        read |= ours
        made.book.sum([row for row in everybody if row[0] in ours])
        made.book.rest_on([row for row in everybody if row[0] in ours or row[1] != Measure.sick_fte])
        made.publish()
        assert made.told == {key: value for key, value in whole.told.items() if shard.has(key[0].unit)}
    assert read
