"""Quantiles of pay from bins one per cent wide, and of whom they are shown."""

from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.offline.computing.rows import Number
from services.metrics.domain.facts.measures import middle, pay_bin
from services.metrics.domain.sums.pay import LOWER, MEDIAN, P10, P90, UPPER, Spread
from tests import builders as make
from tests.unit.metrics.folding import asked, fold

ON = "2024-12-31"
PAYS = st.lists(st.integers(18_000, 90_000), min_size=1, max_size=60)
SHARES = st.sampled_from((P10, LOWER, MEDIAN, UPPER, P90))
HALF_A_PERCENT = 0.005


def spread(pays: list[int]) -> Spread:
    """The spread of so many people, as one group on one day."""
    bins = sorted({pay_bin(pay) for pay in pays})
    counts = {k: np.array([[float(sum(pay_bin(pay) == k for pay in pays))]]) for k in bins}
    return Spread(counts, np.zeros((1, 1)))


def ranked(pays: list[int], share: Fraction) -> float:
    """The quantile by definition: the pay at rank n·p rounded up, or halfway to the next where n·p is whole."""
    ordered, rank = sorted(pays), len(pays) * share
    at = ceil(rank)
    return (ordered[at - 1] + ordered[at if rank.denominator == 1 else at - 1]) / 2


@given(PAYS, SHARES)
def test_within_half_a_per_cent(pays: list[int], share: Fraction):
    """Every quantile lies within 0.5 % of the one of the pays themselves."""
    found = float(spread(pays).quantile(share)[0, 0])
    assert found == pytest.approx(ranked(pays, share), rel=HALF_A_PERCENT)


@given(PAYS)
def test_quantiles_are_in_order(pays: list[int]):
    """A greater share of the people reaches to a pay at least as high."""
    found = [float(spread(pays).quantile(share)[0, 0]) for share in (P10, LOWER, MEDIAN, UPPER, P90)]
    assert found == sorted(found)


def test_groups_and_days_apart():
    """Each group has its own quantiles on each day; one without people has none."""
    low, high = pay_bin(30_000), pay_bin(40_000)
    counts = {low: np.array([[3.0, 0.0], [1.0, 0.0]]), high: np.array([[0.0, 2.0], [1.0, 0.0]])}
    found = Spread(counts, np.zeros((2, 2)))
    between = (middle(low) + middle(high)) / 2
    assert found.quantile(MEDIAN).tolist() == [[middle(low), middle(high)], [between, 0.0]]
    assert found.people.tolist() == [[3.0, 2.0], [2.0, 0.0]]


@given(st.integers(20, 200_000))
def test_middle_of_a_bin(pay: int):
    """No pay is further than 0.5 % from the middle of its bin."""
    assert middle(pay_bin(pay)) == pytest.approx(pay, rel=HALF_A_PERCENT)


def team(size: int, on: str = ON) -> dict[str, Number]:
    """The values of a unit of so many who joined in March 2024, each with 1 % more than the one before."""
    joined = (make.employment_started(f"p{n}", "2024-03-01", monthly_pay=30_000 * 1.01**n) for n in range(size))
    return asked(fold(make.incident_reported("u1", on), *joined), on)["u1", "*"].metrics


@pytest.mark.parametrize(
    ("metric", "fewest"), [("pay_median", 5), ("pay_quartiles", 9), ("pay_p90_p10", 21), ("entry_pay_median", 5)]
)
def test_too_few_to_tell(metric: str, fewest: int):
    """One person fewer than the limit hides it, with every number; of nobody there is nothing to hide."""
    few, enough, none = (team(n)[metric] for n in (fewest - 1, fewest, 0))
    assert (few.status, few.value, few.numerator, few.denominator) == ("suppressed", None, None, None)
    assert enough.status == "final"
    assert none.status == "not_applicable"


def test_median_of_a_team():
    """The median is in kronor and says how many stand behind it."""
    found = team(11)["pay_median"]
    assert found.value == pytest.approx(30_000 * 1.01**5, rel=HALF_A_PERCENT)
    assert (found.numerator, found.denominator) == (found.value, 11)
    assert (found.low, found.high) == (None, None)


def test_spread_of_a_team():
    """Quartiles and percentiles are told as a quotient, with both amounts."""
    found = team(41)
    assert found["pay_quartiles"].value == pytest.approx(1.01**20, rel=2 * HALF_A_PERCENT)
    assert found["pay_p90_p10"].numerator == pytest.approx(30_000 * 1.01**36, rel=HALF_A_PERCENT)
    assert found["pay_p90_p10"].denominator == pytest.approx(30_000 * 1.01**4, rel=HALF_A_PERCENT)


def test_entry_pay_is_of_the_window():
    """Entry pay is that of who joined within the window, however long they have been paid since."""
    later = team(11, "2025-06-30")
    assert later["entry_pay_median"].status == "not_applicable"
    assert later["pay_median"].denominator == 11


def test_a_pay_revision():
    """A raise moves the median from its day on, and entry pay not at all."""
    joined = [make.employment_started(f"p{n}", "2024-03-01", monthly_pay=30_000) for n in range(9)]
    raised = [make.employment_changed(f"p{n}", "2024-04-01", monthly_pay=33_000) for n in range(9)]
    rows = {on: asked(fold(*joined, *raised), on)["u1", "*"].metrics for on in ("2024-03-31", "2024-04-01")}
    medians = [rows[on]["pay_median"].value for on in rows]
    assert medians == pytest.approx([30_000, 33_000], rel=HALF_A_PERCENT)
    assert rows["2024-04-01"]["entry_pay_median"].value == medians[0]
