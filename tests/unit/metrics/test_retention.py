"""How long persons and families of events are kept: lengths, the day they come to, every fault with its place."""

from datetime import date

import pytest

from services.metrics.persons.policy import Keep, Kept, Policy, PolicyRefused, read
from tests.unit.said import assert_in_both


@pytest.mark.parametrize(
    ("keep", "today", "since"),
    [
        ("90 days", "2024-05-01", "2024-02-01"),
        ("1 month", "2024-03-31", "2024-02-29"),
        ("24 months", "2024-05-01", "2022-05-01"),
        ("2 years", "2024-02-29", "2022-02-28"),
        ("99999 days", "2024-05-01", "1750-07-18"),
        ("9999 years", "2024-05-01", "0001-05-01"),
    ],
)
def test_since(keep: str, today: str, since: str):
    """A length ends on the same day of the month, or its last."""
    policy = read(f"persons: {{keep: {keep}, why: plan}}".encode())
    assert policy.keep
    assert policy.keep.since(date.fromisoformat(today)).isoformat() == since
    assert policy.why == "plan"


def test_for_ever_with_a_reason():
    """Nobody is erased."""
    assert read(b"persons: {keep: forever, why: arkivlagen}") == Policy(None, "arkivlagen")


def test_a_length_needs_no_reason():
    """The decision says that it was by time."""
    assert read(b"persons: {keep: 1 year}") == Policy(Keep(1, "year"), "retention")


@pytest.mark.parametrize(
    ("keep", "today", "through"),
    [
        (Keep(5, "year"), "2026-11-30", "2021-10-31"),
        (Keep(5, "year"), "2026-12-01", "2021-11-30"),
        (Keep(400, "day"), "2026-11-30", "2025-09-30"),
        (Keep(9999, "year"), "2026-01-01", "0001-01-01"),
    ],
)
def test_through(keep: Keep, today: str, through: str):
    """Families go by whole months, none a day too early."""
    assert keep.through(date.fromisoformat(today)).isoformat() == through


def test_families():
    """Each as long as it says, for a reason of its own; one that is kept for ever is none that goes."""
    families = "{absence: {keep: 5 years, why: plan}, time: {keep: 3 years}, bonus: {keep: forever, why: law}}"
    found = read(f"persons: {{keep: 1 year}}\nfamilies: {families}".encode())
    assert found.families == {
        "absence": Kept(Keep(5, "year"), "plan"),
        "time": Kept(Keep(3, "year"), "retention"),
    }


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("persons: {keep: 1 year}\nfamilies:\n  employment: {keep: 5 years}\n", 3, "employment"),
        ("persons: {keep: 1 year}\nfamilies:\n  time: {keep: 11 months}\n", 3, "a year or longer"),
        ("persons: {keep: 1 year}\nfamilies:\n  time: {keep: 364 days}\n", 3, "a year or longer"),
        ("persons: {keep: 1 year}\nfamilies:\n  time: {keep: forever}\n", 3, "why"),
        ("persons: {keep: 1 year}\nfamilies:\n  time: 3 years\n", 3, "time"),
        ("families:\n  time: {keep: 3 years}\n", 1, "persons"),
        ("persons:\n  keep: forever\n", 2, "why"),
        ("persons:\n  keep: two years\n", 2, "keep"),
        ("persons:\n  keep: 0 days\n", 2, "keep"),
        ("persons:\n  why: plan\n", 2, "keep"),
        ("persons:\n  keep: 1 year\n  until: 2\n", 3, "until"),
        ("absence: 1 year\n", 1, "absence"),
        ("persons: [\n", 2, ""),
    ],
)
def test_faults(text: str, place: int, word: str):
    """What is wrong, and in which line."""
    with pytest.raises(PolicyRefused) as refused:
        read(text.encode())
    assert any(fault.line == place and word in str(fault) for fault in refused.value.faults)
    assert_in_both(refused.value.faults)
