"""A cell of which a part is named as a whole is: it is in no sum, and takes no other with it."""

from datetime import date

import pytest

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.tree import Trees, tree
from services.metrics.domain.values.book import Book
from tests import builders as make
from tests.unit.metrics.folding import asked, fold

TODAY = date(2024, 12, 31)
CELLS = [Cell("u1", "o"), Cell("u2", "o")]
BAD = [Cell("u1", "*"), Cell("*", "o"), Cell("u1", "o", "*"), Cell("u1", "o", "f", "*")]


def published(*cells: Cell) -> dict[tuple[Group, int], object]:
    """What a book says that has twenty people, of whom all are at work, in each of some cells."""
    made = Book(Trees({}), TODAY.toordinal(), 365)
    made.know(enumerate(cells))
    since = TODAY.toordinal() - 400
    for measure in (Measure.headcount, Measure.scheduled_fte):
        made.add([(n, measure, since, 20 * ONE) for n, _ in enumerate(cells)])
    made.tell()
    return {(p.group, p.as_of): p.metrics for some in made.changed() for p in some}


@pytest.mark.parametrize("bad", BAD)
def test_the_others_are_published(bad: Cell):
    """Beside it every group has the values it has without it, health too."""
    found = published(*CELLS, bad)
    assert found == published(*CELLS)
    assert found[Group("*"), TODAY.toordinal()]["sick_rate"].status == "final"  # type: ignore[index]


@pytest.mark.parametrize("bad", BAD)
def test_it_is_told(bad: Cell):
    """Whoever keeps the book can say which cells are in no sum."""
    made = Book(Trees({}), TODAY.toordinal(), 365)
    made.know(enumerate([*CELLS, bad]))
    assert made.unsound == [bad]


def test_files():
    """`stadga compute` goes by the same rule."""
    people = [make.employment_started(f"p{n}", "2022-01-01") for n in range(20)]
    found = asked(fold(*people, make.employment_started("x", "2022-01-01", occupation="*")), "2024-12-31")
    assert found["*", "*"].metrics["headcount"].value == 20


def test_everything_is_not_renamed():
    """A definition of the unit ``*`` names nothing, and is counted."""
    folded = fold(make.unit_defined("*", "2020-01-01", name="Mine"), make.unit_defined("u", "2020-01-01"))
    assert (folded.tree.name("*"), folded.tree.contradictions) == ("*", {"unit_reserved_name": 1})


def test_everything_is_no_parent():
    """A unit that is placed under ``*`` is at the top, and counted once in everything."""
    folded = fold(
        make.unit_defined("u1", "2020-01-01", parent="*"),
        *(make.employment_started(f"p{n}", "2022-01-01") for n in range(3)),
    )
    assert folded.tree.path("u1") == ("u1", "*")
    assert folded.tree.contradictions == {"unit_reserved_name": 1}
    assert asked(folded, "2024-12-31")["*", "*"].metrics["headcount"].value == 3


def test_everything_has_no_parent():
    """No unit is above everything."""
    folded = fold(make.unit_defined("*", "2020-01-01", parent="u2"), make.unit_defined("u1", "2020-01-01"))
    assert tree(folded.memory.definitions, TODAY.toordinal()).path("u1") == ("u1", "*")
