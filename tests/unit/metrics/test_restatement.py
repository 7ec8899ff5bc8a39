"""How values of days that had passed were restated, and why."""

from datetime import date

import numpy as np
import pytest

from services.metrics.domain.cause import DETAILED, Cause, Kept, Late, Source, causes, late
from services.metrics.domain.cell import Cell
from services.metrics.domain.kernels import Deltas, Sums
from services.metrics.domain.measures import FIRST_PAY_BIN, Measure
from services.metrics.domain.restatement import Place, changes, states, told
from services.metrics.domain.tally import ONE, Tally
from shared.contracts.catalogue import BY_NAME

DAY = date(2024, 4, 1).toordinal()
DAYS = np.arange(DAY, DAY + 3)
HEADCOUNT = BY_NAME["headcount"]
HERE, THERE = Cell("u", "o"), Cell("v", "o")

Row = tuple[int, int, int, int]


def summed(*rows: Row) -> Sums:
    """The sums of states 0–2, from (state, measure, day, whole amount)."""
    table = np.array([(state, measure, day, amount * ONE) for state, measure, day, amount in rows], np.int64)
    return states(Deltas(*table.T), 3, DAYS, 365, 140.0)


KNOWN = summed((0, Measure.headcount, DAY - 9, 12), (1, Measure.headcount, DAY + 1, -1), (2, Measure.fte, DAY, 1))
PASSED = np.array([DAY, DAY + 2, DAY + 9])[:, np.newaxis] > DAYS


def test_changes_of_days_that_had_passed():
    """A leaver of the second day who is known of on the third changes the second; the third is not over."""
    assert changes(HEADCOUNT, KNOWN, PASSED) == [Place(1, 1)]


def test_each_state_adds_to_those_before():
    """Later states hold what earlier ones did."""
    assert KNOWN.level(Measure.headcount).tolist() == [[12, 12, 12], [12, 11, 11], [12, 11, 11]]


def test_before_and_after():
    """A change is told with both values."""
    [change] = told(HEADCOUNT, KNOWN, [Place(1, 1)])
    assert (change.before.value, change.after.value) == (12, 11)


def test_a_value_that_does_not_change_is_no_revision():
    """What a batch adds to other measures changes nothing."""
    assert [place for place in changes(HEADCOUNT, KNOWN, PASSED) if place.state == 2] == []


def source(*types: str, cell: Cell = HERE, measure: int = Measure.headcount, day: int = DAY) -> Source:
    """A subject whose events changed one fact."""
    tally = Tally()
    tally.point(cell, measure, day)
    return Source(types, tally)


def test_causes_of_a_small_batch():
    """Each subject's events are kept with what they changed, and from when on."""
    found = causes([source("a", "a", "b"), source("b", cell=THERE, day=DAY - 3)], 4)
    here, there = (frozenset({cell}) for cell in (HERE, THERE))
    measures = frozenset({Measure.headcount})
    assert found == [
        Cause("a", 2, DAY, here, measures),
        Cause("b", 1, DAY, here, measures),
        Cause("b", 1, DAY - 3, there, measures),
    ]


def test_causes_of_a_large_batch():
    """While a log is loaded, a line for each type of event is kept."""
    many = [source("a", day=DAY + n) for n in range(DETAILED)]
    assert causes([*many, source("b")], DETAILED + 1) == [Cause("a", DETAILED, DAY), Cause("b", 1, DAY)]


def test_events_that_changed_nothing_are_no_cause():
    """A repeat, and what is taken back at once, leave no cause."""
    assert causes([Source(["a"], Tally())], 1) == []


BIN = FIRST_PAY_BIN + 7


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        (Kept("a", 2, DAY, [1], [Measure.headcount]), [Late("a", 2, 5, certain=True)]),
        (Kept("a", 2, DAY, [9], [Measure.headcount]), []),
        (Kept("a", 2, DAY, [1], [Measure.fte]), []),
        (Kept("a", 2, DAY + 1, [1], [Measure.headcount]), []),
        (Kept("a", 2, DAY, [1], [BIN]), [Late("a", 2, 5, certain=True)]),
        (Kept("a", 800, DAY - 100, None, None), [Late("a", 800, 105, certain=False)]),
    ],
    ids=["here", "of another group", "of another measure", "of later days", "of a bin of pay", "of a large batch"],
)
def test_what_can_have_changed_a_value(kept: Kept, found: list[Late]):
    """Events of the group and of what the metric is made of, from the first day they changed to when they came in."""
    assert late([kept], {1, 2}, {Measure.headcount, FIRST_PAY_BIN}, DAY, DAY + 5) == found


def test_causes_of_a_type_are_one():
    """Several events of a type are counted together, and are as late as the latest of them."""
    kept = [Kept("a", 1, DAY - n, [1], [Measure.headcount]) for n in range(3)]
    assert late(kept, {1}, {Measure.headcount}, DAY, DAY + 5) == [Late("a", 3, 7, certain=True)]
