"""What was told of health stays told: what late events may change of a month, and what has to stay as it was."""

from datetime import date

import pytest

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.tree import Tree
from services.metrics.domain.values.book import Book
from shared.contracts.metrics import ALL
from tests.unit.metrics.folding import Standing
from tests.unit.metrics.remembering import Memory

TODAY = date(2025, 6, 30).toordinal()
MAY = date(2025, 5, 1).toordinal()
LONG_AGO = TODAY - 900
UNITS = "abcd"
CELLS = [Cell(unit, occupation) for unit in UNITS for occupation in "op"]

Row = tuple[int, int, int, int]


def come(unit: str, count: int, day: int = LONG_AGO, occupation: str = "o") -> list[Row]:
    """People of a unit from a day on, each at full time; a negative count goes."""
    cell = CELLS.index(Cell(unit, occupation))
    return [(cell, measure, day, count * ONE) for measure in (Measure.headcount, Measure.scheduled_fte)]


def sick(unit: str, days: int, first: int = MAY) -> list[Row]:
    """Somebody of a unit is sick for so many days."""
    cell = CELLS.index(Cell(unit, "o"))
    return [(cell, Measure.sick_fte, first, ONE), (cell, Measure.sick_fte, first + days, -ONE)]


class Told:
    """A book that tells, what is remembered of it, and the days of sickness it told of last, None where it may not."""

    def __init__(self, *rows: list[Row]) -> None:
        """From some facts."""
        self._rows, self._days, self._memory = list[list[Row]](), dict[str, float | None](), Memory()
        self._board = self._made()
        self.days = self.add(*rows)

    def add(self, *rows: list[Row]) -> dict[str, float | None]:
        """Facts came: the days of the twelve months that ended last, by unit."""
        self._rows += rows
        for some in rows:
            self._board.add(some)
        return self._tell()

    def hear(self, rows: list[Row]) -> None:
        """Facts came, and all values but those of health are given out."""
        self._rows.append(rows)
        self._board.add(rows)
        for _ in self._board.changed():
            pass

    def begin_anew(self) -> dict[str, float | None]:
        """Another process takes over, that has all facts and what is remembered."""
        self._board, self._days = self._made(), {}
        for some in self._rows:
            self._board.sum(some)
            self._board.rest_on(some)
        return self._tell()

    def _made(self) -> Book:
        made = Book(Standing(Tree({}, {}, {})), TODAY, 365, remembered=self._memory.remembered)
        made.know(enumerate(CELLS))
        return made

    def _tell(self) -> dict[str, float | None]:
        self._memory.tell(self._board)
        for one in (one for some in self._board.changed() for one in some):
            if (one.as_of, one.group.occupation) == (TODAY, ALL) and (rate := one.metrics.get("sick_rate")):
                self._days[one.group.unit] = None if rate.numerator is None else round(365 * rate.numerator, 3)
        return dict(self._days)


def town() -> Told:
    """Twelve people in each of three units; ten days of sickness in the first."""
    return Told(come("a", 12), come("b", 12), come("c", 12), sick("a", 10))


def test_what_is_told_at_first():
    """All of it."""
    assert town().days == {"a": 10, "b": 0, "c": 0, "*": 10}


def test_values_given_out_before_health_is_told():
    """What was heard of health by then is told of all the same."""
    made = town()
    made.hear(sick("b", 5))
    assert made.add() == {"a": 10, "b": 5, "c": 0, "*": 15}


def test_a_late_report_of_sickness():
    """The same people: the month is told anew."""
    assert town().add(sick("b", 5)) == {"a": 10, "b": 5, "c": 0, "*": 15}


@pytest.mark.parametrize("count", [1, 10, -1])
def test_a_few_who_were_there_all_along(count: int):
    """Told as they were, or no more where few are left, though days of sickness come with them; others go on."""
    made = town()
    assert made.add(come("a", count), sick("a", 7), sick("b", 3)) == {"a": 10, "b": 3, "c": 0, "*": 10}
    assert made.add(sick("a", 2), sick("c", 4)) == {"a": 10, "b": 3, "c": 4, "*": 10}


def test_one_on_leave_who_was_not_there():
    """Nobody who could have been sick, and yet the group is another: it and all above it are told as they were."""
    [headcount, _] = come("a", -1)
    assert town().add([headcount], sick("a", 7), sick("b", 3)) == {"a": 10, "b": 3, "c": 0, "*": 10}


def test_more_than_ten_who_were_there_all_along():
    """They may be told of by themselves, so both may be known: what was told before, and what is told with them."""
    assert town().add(come("a", 11), sick("a", 7)) == {"a": 17, "b": 0, "c": 0, "*": 17}


def test_another_unit_that_reports_later():
    """Its own people are told of; together with few of another, which would be the difference, only all of them are."""
    assert town().add(come("d", 20), sick("d", 7)) == {"a": 10, "b": 0, "c": 0, "d": 7, "*": 17}
    assert town().add(come("d", 20), sick("d", 7), come("a", 1)) == {"a": 10, "b": 0, "c": 0, "d": None, "*": 17}


def test_more_than_ten_who_were_not_there():
    """Of 25 people 14 were never there: those left are few more than ten, and the difference would be the others'."""
    made = Told(come("a", 25), come("b", 12), sick("a", 10))
    assert made.add(come("a", -14), sick("b", 3)) == {"a": 10, "b": 3, "*": 10}


def test_a_unit_that_was_too_small():
    """It stays hidden, with its sister, when it turns out to have been larger: all but these two is known."""
    made = Told(come("a", 10), come("b", 12), come("c", 30), sick("a", 10))
    assert made.days == {"a": None, "b": None, "c": 0, "*": 10}
    assert made.add(come("a", 1), sick("c", 1)) == {"a": None, "b": None, "c": 1, "*": 10}


def test_a_unit_that_was_too_large():
    """It is told of no more when it turns out to have been of ten people."""
    assert Told(come("a", 12), come("b", 30)).add(come("a", -2)) == {"a": None, "b": None, "*": 0}


def test_nothing_was_told():
    """Then nothing has to stay: a first try with five people does no harm."""
    made = Told(come("a", 5), sick("a", 10))
    assert made.days == {"a": None, "*": None}
    assert made.add(come("a", 20), come("b", 20)) == {"a": 10, "b": 0, "*": 10}


def test_a_month_that_has_not_passed():
    """Of people who come and go in it nothing has to stay."""
    assert town().add(come("a", -1, TODAY - 3), sick("b", 2)) == {"a": 10, "b": 2, "c": 0, "*": 12}


def test_a_later_process_tells_the_same():
    """From what is remembered, whatever it hears in which order."""
    made = town()
    told = made.add(come("a", 1), sick("a", 7), come("d", 20), sick("b", 3))
    assert made.begin_anew() == told == {"a": 10, "b": 3, "c": 0, "d": None, "*": 20}
    assert made.add(sick("a", 2)) == {**told, "*": 22}


def test_months_of_long_ago():
    """Of a month whose sums are not at hand a group that would have to stay as it was is told of no more."""
    first = date(2022, 3, 1).toordinal()
    book = Book(Standing(Tree({}, {}, {})), TODAY, 365)
    book.know(enumerate(CELLS))
    book.add([*come("a", 12, first), *come("b", 30, first)])
    book.tell()
    book.add([*come("a", 1, first), *come("a", -1, first + 40)])
    kept = book.tell().keeping
    assert {(date.fromordinal(one.month.first).isoformat(), one.group.unit, one.kept) for one in kept} == {
        (month, unit, None) for month in ("2022-03-01", "2022-04-01") for unit in ("a", "*")
    }
