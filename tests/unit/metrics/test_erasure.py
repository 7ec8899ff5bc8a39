"""A person who is erased: what counts no more, what counts nevertheless, and that order makes no difference."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.record import ERASURE
from services.metrics.domain.record.refold import refold
from shared.contracts.erased import ERASED, SUMS_KEPT
from tests import builders as make
from tests.unit.metrics.folding import Folded, fold, fold_batches

ERASED_AT = "2025-06-01T10:00:00.000000Z"


def erased(person: str = "p", at: str = ERASED_AT, through: str = "2025-06-01") -> make.Event:
    """The person is erased."""
    return make.event(ERASED, f"person/{person}", {"through": through}, time=at, source="stadga/metrics")


def kept(*facts: list[object], name: str = "k1") -> make.Event:
    """Sums that are kept."""
    return make.event(SUMS_KEPT, f"kept/{name}", {"facts": facts}, time=ERASED_AT, source="stadga/metrics")


BEFORE = (
    make.employment_started("p", "2023-01-01", id="s"),
    make.absence_started("p", "x", "2024-02-01", id="a"),
    make.absence_ended("p", "x", "2024-02-20", id="b"),
    make.time_reported("p", "2024-03-01", "2024-03-31", id="t", worked_hours=150),
    make.retracted({"subject": "person/p", "id": "t"}, id="r", time="2024-05-01T08:00:00Z"),
    make.employment_ended("p", "2024-12-31", id="e"),
)
AFTER = (
    make.employment_started("p", "2025-07-01", id="s2", unit="u2"),
    make.absence_started("p", "y", "2025-08-01", id="a2", last_day="2025-08-09"),
    make.time_reported("p", "2025-09-01", "2025-09-30", id="t2", worked_hours=150),
    make.time_reported(
        "p", "2025-09-01", "2025-09-30", id="t3", corrects="t2", worked_hours=120, time="2025-10-02T08:00:00Z"
    ),
)
SUM: list[object] = ["u1", "o", "f", "-29", 1, 738000, 1_000_000]
LATE = (
    make.time_reported("p", "2024-04-01", "2024-04-30", id="l1", worked_hours=10, time="2025-06-05T08:00:00Z"),
    make.employment_started("p", "2023-02-01", id="l2", corrects="s", time="2025-06-06T08:00:00Z"),
    make.retracted({"subject": "person/p", "id": "a"}, id="l3", time="2025-06-07T08:00:00Z"),
)


def rows(folded: Folded) -> dict[str, set[str]]:
    """The keys of what is stored."""
    return {subject: set(held) for subject, held in folded.memory.rows.items() if held}


def test_nothing_is_left_but_that_a_person_is_erased():
    """Neither facts nor events nor anomalies."""
    found = fold_batches([BEFORE, [erased()]])
    assert (found.facts, found.anomalies) == ({}, {})
    assert rows(found) == {"person/p": {ERASURE}}


def test_others_stay():
    """Erasing one changes nothing of another."""
    others = make.employment_started("q", "2023-01-01")
    assert fold_batches([[*BEFORE, others], [erased()]]).facts == fold(others).facts


@pytest.mark.parametrize("late", [*BEFORE, *LATE[:2]], ids=lambda event: event["id"])
def test_what_comes_late_counts_for_nothing(late: make.Event):
    """Seen again, late, or correcting what is gone: it is counted as ignored."""
    found = fold_batches([[erased()], [late]])
    assert (found.facts, found.anomalies) == ({}, {})


def test_how_many_were_ignored():
    """Each that counts for nothing."""
    assert fold_batches([[erased()], BEFORE, BEFORE]).memory.ignored == 2 * len(BEFORE)


def test_a_return_counts():
    """Who is employed again after the erasing is a new person."""
    found = fold_batches([BEFORE, [erased()], AFTER])
    assert found.facts == fold(*AFTER).facts
    assert found.facts


def test_erased_twice():
    """A second erasing takes the return, too."""
    found = fold_batches([BEFORE, [erased()], AFTER, [erased(at="2026-01-01T00:00:00Z", through="2026-01-01")]])
    assert found.facts == {}
    assert rows(found) == {"person/p": {ERASURE}}


@given(st.randoms(use_true_random=False), st.booleans())
@settings(deadline=None, max_examples=300)
def test_any_order(chance: random.Random, repeated: bool):
    """Whatever order the events and the erasing come in, in whatever batches, it comes to the same."""
    log = [*BEFORE, *AFTER, *LATE, erased(), kept(SUM)]
    log += chance.sample(log, 5) if repeated else []
    chance.shuffle(log)
    cuts = sorted(chance.sample(range(len(log)), 3))
    batches = [log[a:b] for a, b in zip([0, *cuts], [*cuts, len(log)], strict=True)]
    found, clean = (
        fold_batches(batches),
        fold_batches([[erased()], AFTER, [kept(SUM)]]),
    )
    assert found.facts == clean.facts
    assert {k: v for k, v in found.anomalies.items() if v} == clean.anomalies


def test_a_correction_after_one_that_is_gone():
    """Of an event that is kept since it was recorded later than the erasing, though what corrected it was not."""
    x, y, z = (
        make.time_reported("p", "2025-09-01", "2025-09-30", **told)
        for told in (
            {"id": "x", "worked_hours": 150, "time": "2025-10-01T08:00:00Z"},
            {"id": "y", "worked_hours": 140, "corrects": "x", "time": "2025-05-01T08:00:00Z"},
            {"id": "z", "worked_hours": 120, "corrects": "x", "time": "2025-10-02T08:00:00Z"},
        )
    )
    back = make.employment_started("p", "2025-07-01", id="s2", unit="u2")
    found, clean = fold_batches([[x, y], [erased()], [back, z]]), fold_batches([[erased()], [back, x, y, z]])
    assert found.facts == clean.facts != {}


def test_kept_sums_count_once():
    """However often they come."""
    one = kept(SUM, ["u1", "o", "f", "-29", 1, 738100, -1_000_000])
    found = fold_batches([[one], [one]])
    assert sorted(found.facts.values()) == [-1_000_000, 1_000_000]
    assert found.memory.duplicates == 1


def test_a_remade_ledger():
    """Counted anew, an erased record is empty, and kept sums are what they were."""
    found = fold_batches([BEFORE, [erased(), kept(["u1", "o", "f", "-29", 1, 738000, 5])]])
    tally = Tally()
    for subject, held in found.memory.rows.items():
        assert not refold(subject, list(held.values()), tally)
    assert {place: delta for place, delta in tally.deltas.items() if delta} == found.facts
