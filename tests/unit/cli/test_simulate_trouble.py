"""What a trouble does to a unit's conditions, and when."""

from datetime import date

import pytest

from cli.simulation.conditions import ORDINARY, Conditions
from cli.simulation.seasons import Month, months
from cli.simulation.trouble import Onset, Trouble, worsened

LAST = date(2025, 12, 31).toordinal()
OVERLOAD = Onset(Trouble({"load": 2.0}, builds_up=62), 61)
"""Begins on 31 October and is at its worst on the last day of the year."""


def month(year: int, number: int) -> Month:
    """A whole month."""
    return next(m for m in months(date(year, number, 1), date(year, 12, 31)))


def test_before():
    """Until it begins everything is as it was."""
    assert worsened(ORDINARY, [OVERLOAD], month(2025, 9), LAST) is ORDINARY


@pytest.mark.parametrize(("number", "load"), [(10, 1 + 1 / 62), (11, 1 + 31 / 62), (12, 2.0)])
def test_builds_up(number: int, load: float):
    """It comes to its worst day by day, judged at the end of each month."""
    assert worsened(ORDINARY, [OVERLOAD], month(2025, number), LAST).load == pytest.approx(load)


def test_becomes():
    """What becomes of conditions at the worst does not depend on how they were."""
    assert worsened(Conditions(load=0.8), [OVERLOAD], month(2025, 12), LAST).load == 2.0


def test_adds():
    """What is added is added to conditions as they were."""
    paperwork = Onset(Trouble(adds={"documentation": 0.1}, builds_up=1), 100)
    assert worsened(Conditions(documentation=0.3), [paperwork], month(2025, 12), LAST).documentation == 0.4


def test_several():
    """Troubles come on top of each other and leave all other conditions alone."""
    talks = Onset(Trouble({"missed_talks": 1.0}, builds_up=1), 100)
    worst = worsened(ORDINARY, [OVERLOAD, talks], month(2025, 12), LAST)
    assert worst == Conditions(load=2.0, missed_talks=1.0)
