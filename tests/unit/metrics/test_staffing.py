"""Posts shared over offices by load: all of them, fairly, and the same whatever the order."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.domain.reports.offices import Load, Office, ProposalError
from services.metrics.domain.reports.staffing import MOST, proposal, share
from shared.contracts.staffing import StaffingProposal

ON = date(2025, 3, 1)
LOADS = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 5_000), min_size=1, max_size=12)
QUARTERS = st.integers(12, 200)


def seen(held: dict[str, int], loads: dict[str, int]) -> list[tuple[int, int]]:
    """The parts by load, the smallest load first."""
    return sorted((load, held[ref]) for ref, load in loads.items())


@given(LOADS, QUARTERS)
def test_everything_is_shared(loads: dict[str, int], quarters: int):
    """The parts add up to the whole exactly; a load gets something, none gets nothing."""
    held = share(quarters, loads)
    assert sum(held.values()) == (quarters if any(loads.values()) else 0)
    assert {ref for ref, part in held.items() if part} == {ref for ref, load in loads.items() if load}


@given(LOADS, QUARTERS)
def test_a_greater_load_never_gets_less(loads: dict[str, int], quarters: int):
    """Of two offices the one with the greater load has at least as much; of equal loads they differ by one quarter."""
    parts = seen(share(quarters, loads), loads)
    for (load, part), (greater, more) in pairwise(parts):
        assert part <= more + (1 if load == greater else 0)


@given(LOADS, QUARTERS, st.integers(1, 3_000))
def test_growing_load_never_costs(loads: dict[str, int], quarters: int, more: int):
    """An office whose own load grows, while those of the others stay, gets no less."""
    ref = min(loads)
    before, after = share(quarters, loads), share(quarters, loads | {ref: loads[ref] + more})
    assert after[ref] >= before[ref]


@given(LOADS, QUARTERS)
def test_more_posts_cost_nobody(loads: dict[str, int], quarters: int):
    """With one quarter more to share, nobody gets less."""
    fewer, more = share(quarters, loads), share(quarters + 1, loads)
    assert all(more[ref] >= fewer[ref] for ref in loads)


@given(LOADS.flatmap(lambda loads: st.tuples(st.just(loads), st.permutations(list(loads)))), QUARTERS)
def test_order_does_not_matter(given_: tuple[dict[str, int], list[str]], quarters: int):
    """The parts are the same in whatever order the offices come."""
    loads, order = given_
    assert share(quarters, {ref: loads[ref] for ref in order}) == share(quarters, loads)


@given(LOADS, QUARTERS)
def test_near_the_exact_share(loads: dict[str, int], quarters: int):
    """Where every office's exact share is at least a quarter, no part is a whole post away from it."""
    exact = {ref: quarters * load / (sum(loads.values()) or 1) for ref, load in loads.items()}
    if all(part >= 1 for part in exact.values()):
        held = share(quarters, loads)
        assert all(abs(held[ref] - part) < 4 for ref, part in exact.items())


def test_ties_go_by_reference():
    """Of equal claims the smaller reference goes first."""
    assert share(4, {"b": 100, "c": 100, "a": 100}) == {"a": 2, "b": 1, "c": 1}


def proposed(posts: float, norm: float = 150, **loads: tuple[float, float]) -> StaffingProposal:
    """A proposal for offices with so many points and posts each."""
    offices = [Office(ref, ref.upper(), False, Load(*load)) for ref, load in loads.items()]
    return proposal(offices, posts, norm, ON)


def test_what_a_proposal_says():
    """Each office with its load, today's posts, the need at the norm, the proposal, and what changes."""
    big, small = proposed(20, a=(900, 8), b=(2_100, 10)).offices
    assert (big.unit, big.unit_name, big.points, big.posts, big.need) == ("b", "B", 2_100, 10, 14)
    assert (big.proposal, big.difference, big.load, big.load_after) == (14, 4, 210, 150)
    assert (small.proposal, small.difference, small.load, small.load_after) == (6, -2, 112.5, 150)


def test_points_without_posts():
    """An office with cases and nobody to hold them has no load per post today, and gets posts."""
    [office] = proposed(2, a=(300, 0)).offices
    assert (office.load, office.proposal, office.load_after) == (None, 2, 150)


def test_an_office_without_points_is_left_out():
    """Where nothing is reported nothing is known: no office loses its posts for that."""
    found = proposed(5, a=(700, 4), silent=(0, 6))
    assert [office.unit for office in found.offices] == ["a"]
    assert found.unmeasured == ["silent"]


@pytest.mark.parametrize(
    ("posts", "norm", "said"),
    [
        (2.1, 150, "2.1 posts: it must be whole or in quarters, above zero and at most 10,000"),
        (0, 150, "0 posts: it must be"),
        (-3, 150, "-3 posts: it must be"),
        (MOST + 1, 150, "10001 posts: it must be"),
        (float("nan"), 150, "nan posts: it must be"),
        (float("inf"), 150, "inf posts: it must be"),
        (2, 0, "a norm of 0 points: it must be above zero"),
        (2, float("nan"), "a norm of nan points"),
        (0.25, 150, "0.25 posts are too few: 2 offices need 0.5 at least"),
    ],
)
def test_what_cannot_be_shared(posts: float, norm: float, said: str):
    """Posts and norms that make no sense are refused in one sentence."""
    with pytest.raises(ProposalError, match=f"^{said}"):
        proposed(posts, norm, a=(300, 2), b=(600, 3))


def test_no_points_at_all():
    """Without any case points there is nothing to share by."""
    with pytest.raises(ProposalError, match="no case points are reported"):
        proposed(2, a=(0, 2))
