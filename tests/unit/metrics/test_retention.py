"""How long persons are kept: lengths, the day they come to, and every fault of the file with its place."""

from datetime import date

import pytest

from services.metrics.persons.policy import Keep, PolicyRefused, read
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
    assert read(b"persons: {keep: forever, why: arkivlagen}") == (None, "arkivlagen")


def test_a_length_needs_no_reason():
    """The decision says that it was by time."""
    assert read(b"persons: {keep: 1 year}") == (Keep(1, "year"), "retention")


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
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
