"""Sums by the age of facts, against a count of every single day."""

from datetime import date
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE, Fact
from services.metrics.domain.sums.groups import Group, Roster
from services.metrics.domain.sums.kernels import LAG, reach, total
from services.metrics.domain.sums.tree import Tree

AT = Cell("u", "o")
DAY = date(2024, 12, 31).toordinal()


class Dated(NamedTuple):
    """A change of a measure on a day, in millionths."""

    day: int
    delta: int


DATED = st.lists(st.builds(Dated, st.integers(DAY - 900, DAY + 100), st.integers(-3 * ONE, 3 * ONE)), max_size=8)
WINDOWS = st.sampled_from((1, 2, 30, 365, 400))
LATER = st.integers(-30, 90)


def summed(facts: list[Dated], measure: Measure, as_of: int, window: int) -> dict[str, float]:
    """The amounts of a measure from facts of one cell."""
    roster = Roster(Tree({}, {}, 0), ("occupation",))
    columns = roster.columns(Fact(AT, measure, *fact) for fact in facts)
    days = np.array([as_of])
    amounts = total(columns, roster.belongs, len(roster.groups), days, window).amounts(measure)
    return {name: float(values.sum(axis=0)[0]) / 4 if len(roster.groups) else 0.0 for name, values in amounts.items()}


def level(facts: list[Dated], on: int) -> int:
    """What had come together by a day."""
    return sum(fact.delta for fact in facts if fact.day <= on)


@given(DATED, WINDOWS, LATER)
def test_stock(facts: list[Dated], window: int, later: int):
    """A stock has a level, a level 365 days before, and the mean of its levels on the window's days."""
    as_of = DAY + later
    inside = range(as_of - window + 1, as_of + 1)
    counted = {
        "level": level(facts, as_of) / ONE,
        "lag": level(facts, as_of - 365) / ONE,
        "flow": 0,
        "mean": sum(level(facts, day) for day in inside) / ONE / window,
    }
    assert summed(facts, Measure.headcount, as_of, window) == pytest.approx(counted)


@given(DATED, WINDOWS, LATER)
def test_flow(facts: list[Dated], window: int, later: int):
    """A flow is what happened on the window's days."""
    as_of = DAY + later
    happened = sum(fact.delta for fact in facts if as_of - window < fact.day <= as_of) / ONE
    counted = {"level": 0, "lag": 0, "flow": happened, "mean": 0}
    assert summed(facts, Measure.joiners, as_of, window) == pytest.approx(counted)


@given(DATED, WINDOWS, LATER)
def test_spread_amount(facts: list[Dated], window: int, later: int):
    """An amount per day adds up over the window's days."""
    as_of = DAY + later
    happened = sum(level(facts, day) for day in range(as_of - window + 1, as_of + 1)) / ONE
    counted = {"level": 0, "lag": 0, "flow": happened, "mean": 0}
    assert summed(facts, Measure.worked_hours, as_of, window) == pytest.approx(counted)


@given(DATED, WINDOWS, st.sampled_from((Measure.headcount, Measure.joiners, Measure.worked_hours)))
def test_what_is_out_of_reach_counts_alike(facts: list[Dated], window: int, measure: Measure):
    """Facts before the reach may be moved onto it, and no amount changes."""
    nearest = reach(DAY, window)
    moved = [Dated(max(day, nearest), delta) for day, delta in facts]
    assert summed(moved, measure, DAY, window) == summed(facts, measure, DAY, window)


def test_lag_is_a_year():
    """The level to compare with is 365 days old."""
    assert LAG == 365
    assert summed([Dated(DAY - 365, ONE)], Measure.headcount, DAY, 30)["lag"] == 1
    assert summed([Dated(DAY - 364, ONE)], Measure.headcount, DAY, 30)["lag"] == 0


def test_groups_of_a_cell():
    """A fact counts in its unit and all above it, by occupation and altogether, once in each."""
    roster = Roster(Tree({"u": "d"}, {}, 0), ("occupation",))
    columns = roster.columns([Fact(AT, Measure.headcount, DAY, ONE), Fact(Cell("u", "p"), Measure.headcount, DAY, ONE)])
    days = np.array([DAY])
    sums = total(columns, roster.belongs, len(roster.groups), days, 365)
    counted = {group: sums.level(Measure.headcount)[row, 0] for group, row in roster.groups.items()}
    units = ("u", "d", "*")
    assert counted == {Group(u): 2 for u in units} | {Group(u, o): 1 for u in units for o in ("o", "p")}
