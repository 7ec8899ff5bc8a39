"""Who is still there: against published log-rank tests, and against lifelines and what must hold."""

import lifelines
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.datasets import load_rossi, load_waltons
from lifelines.statistics import logrank_test

from shared.statistics.survival import Spell, Step, kaplan_meier, log_rank

spell = st.tuples(st.integers(0, 30), st.integers(1, 30), st.booleans()).map(
    lambda drawn: Spell(drawn[0] - 0.5, drawn[0] + drawn[1], drawn[2])
)
spells = st.lists(spell, min_size=2, max_size=40)


def test_rossi():
    """432 released prisoners, with and without financial aid: barely told apart; aid, by Cox's regression, -0.3794."""
    people = load_rossi()
    aided, others = (
        [Spell(0, row.week, bool(row.arrest)) for row in people[people["fin"] == fin].itertuples()] for fin in (1, 0)
    )
    found = log_rank(aided, others)
    assert (len(aided), len(others)) == (216, 216)
    assert (round(found.statistic, 3), round(found.p, 3)) == (3.838, 0.050)
    oracle = lifelines.CoxPHFitter().fit(people, "week", "arrest")
    assert (round(oracle.params_["fin"], 4), round(oracle.standard_errors_["fin"], 4)) == (-0.3794, 0.1914)
    assert round(oracle.log_likelihood_, 2) == -658.75


def test_waltons():
    """163 flies, a third of them with a changed gene: told apart beyond doubt."""
    flies = load_waltons()
    changed = flies["group"] == "miR-137"
    groups = ([Spell(0, row.T, bool(row.E)) for row in flies[which].itertuples()] for which in (changed, ~changed))
    assert round(log_rank(*groups).statistic, 3) == 122.249


def test_somebody_who_was_there_before():
    """Of four, one comes under observation at 5: at 3 only three were at risk, at 6 two."""
    found = kaplan_meier([Spell(0, 3, True), Spell(0, 4, False), Spell(0, 6, True), Spell(5, 9, False)])
    assert found == [Step(3, 3, 1, pytest.approx(2 / 3)), Step(6, 2, 1, pytest.approx(1 / 3))]


def test_nobody_left():
    """Without anybody leaving there is no step, and nothing tells two groups apart."""
    stayed = [Spell(0, 9, False)] * 5
    assert kaplan_meier(stayed) == []
    assert log_rank(stayed, stayed) == (0.0, 1.0)


@given(spells)
@settings(max_examples=40, deadline=None)
def test_kaplan_meier_is_lifelines(some: list[Spell]):
    """With left truncation, each step is that of lifelines, which refuses times at which nobody is at risk."""
    some = [*some, Spell(-1, 99, False)]
    steps = kaplan_meier(some)
    ends, left = [one.exit for one in some], [one.left for one in some]
    table = lifelines.KaplanMeierFitter().fit(ends, left, entry=[one.entry for one in some]).event_table
    for step in steps:
        row = table.loc[step.time]
        assert (step.at_risk, step.left) == (row.at_risk, row.observed)
    assert [step.share for step in steps] == pytest.approx(np.cumprod([1 - s.left / s.at_risk for s in steps]))


@given(spells, spells)
@settings(max_examples=40, deadline=None)
def test_log_rank_is_lifelines(one: list[Spell], other: list[Spell]):
    """Without truncation it is lifelines' statistic."""
    one, other = ([s._replace(entry=-1) for s in some] for some in (one, other))
    found = log_rank(one, other)
    ends, lefts = ([[getattr(s, field) for s in some] for some in (one, other)] for field in ("exit", "left"))
    want = logrank_test(*ends, *lefts).test_statistic if any(map(any, lefts)) else 0.0
    assert found.statistic == pytest.approx(0.0 if np.isnan(want) else want, abs=1e-9)


@given(spells, spells)
def test_log_rank_does_not_care_which_is_first(one: list[Spell], other: list[Spell]):
    """It says of two groups what it says of them the other way round."""
    assert log_rank(one, other).statistic == pytest.approx(log_rank(other, one).statistic, abs=1e-9)
