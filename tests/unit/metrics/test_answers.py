"""Who answered in a month, at the fewest."""

from datetime import date

import numpy as np
import pytest

from services.metrics.domain.disclosure.answers import answers_in
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.kernels import Deltas
from services.metrics.domain.sums.periods import month_of

MAY = month_of(date(2024, 5, 1).toordinal())

Day = tuple[int, int, int]
"""A day of May, how many reports more came of it, and how many answers more."""


def facts(*days: Day) -> Deltas:
    """Of the second of three cells."""
    rows = [
        (1, measure, MAY.first + day - 1, amount * ONE)
        for day, *amounts in days
        for measure, amount in zip((Measure.pulses, Measure.pulse_answers), amounts, strict=True)
    ]
    return Deltas(*np.array(rows, np.int64).reshape(-1, 4).T)


@pytest.mark.parametrize(
    ("days", "fewest"),
    [
        ([(1, 1, 25), (8, 1, 4)], 25),
        ([(1, 1, 4), (8, 1, 4), (15, 1, 4)], 4),
        ([(31, 2, 13)], 6.5),
        ([(31, 1, 0)], 0),
        ([(0, 1, 25), (32, 1, 25), (9, 1, 7)], 7),
    ],
)
def test_in_a_month(days: list[Day], fewest: float):
    """As many as one report had, which of several of a day is their average; those of other months are no part."""
    found = answers_in(3, facts(*days), MAY, facts(*days))
    assert found.heads.tolist() == [0, fewest * ONE, 0]
    assert found.there.tolist() == [False, True, False]


def test_nobody_asked():
    """Nobody is there, whatever happened in other months or was taken back."""
    for some in (facts(), facts((0, 1, 25)), facts((9, 1, 25), (9, -1, -25))):
        assert not answers_in(3, some, MAY, some).there.any()


@pytest.mark.parametrize(
    ("came", "fewest"),
    [
        ([(1, 0, 3)], 3),
        ([(1, 1, 9)], 4.5),
        ([(8, 1, 9)], 9),
        ([(1, -1, -25), (8, 1, 28)], 3),
        ([(1, -1, -25)], -25),
    ],
)
def test_of_what_came_later(came: list[Day], fewest: float):
    """To a report of 25 on the first: each of its day can have got a part, and what went is no more than came."""
    found = answers_in(3, facts(*came), MAY, facts((1, 1, 25), *came))
    assert found.heads[1] == fewest * ONE
    assert found.there[1]
