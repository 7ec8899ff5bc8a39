"""How much a record holds: whoever fills it up harms nobody else, and the same messages are refused each time."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record import room
from services.metrics.domain.record.fold import Fold, FoldResult, fold
from services.metrics.domain.record.memory import Memory, by_subject
from services.metrics.domain.record.refold import refold
from tests import builders as make
from tests.unit.metrics.folding import miscounted, received
from tests.unit.metrics.hostile import deliveries, logs

Taken = tuple[set[tuple[str, str]], dict[object, int], int]
"""Events that hold or did, facts, and how many were refused."""


def day(n: int) -> str:
    """A day, by its number."""
    return (date(1950, 1, 1) + timedelta(days=n)).isoformat()


def job(n: int, first: int) -> make.Event:
    """An employment that nobody ends."""
    return make.employment_started("p", day(first), employment=f"e{n}")


def folded(folding: Fold) -> FoldResult:
    """What a fold without a store comes to."""
    try:
        next(folding)
        while True:
            folding.send([])
    except StopIteration as done:
        outcome: FoldResult = done.value
        return outcome


def taken(batches: Sequence[Sequence[make.Event]]) -> Taken:
    """What a record comes to; what it says of its size is so."""
    memory, tally = Memory(), Tally()
    for batch in batches:
        memory.fold(by_subject(map(received, batch)), tally)
    assert not miscounted(memory)
    held = {(subject, key) for subject, rows in memory.rows.items() for key in rows if key[0].isdigit()}
    return held, {place: delta for place, delta in tally.deltas.items() if delta}, memory.refused


@pytest.fixture
def small() -> Iterator[None]:
    """Records that hold next to nothing."""
    with patch.multiple(room, EVENTS=12, TOGETHER=6, AT_ONCE=2, ABSENCES=2):
        yield


def test_employments_at_once():
    """As many as a day may have are folded; one that comes after another is no more on any day."""
    log = [job(n, n) for n in range(room.AT_ONCE + 5)]
    assert taken([log])[2] == 5
    after = [
        e for n in range(300) for e in (job(n, 9 * n), make.employment_ended("p", day(9 * n + 5), employment=f"e{n}"))
    ]
    assert taken([after])[2] == 0


def test_an_end_that_is_taken_back():
    """Retractions make no room for more at once than there may be, and whatever makes it less is let in."""
    with patch.object(room, "AT_ONCE", 2):
        ends = [make.employment_ended("p", day(10 * n + 5), employment=f"e{n}") for n in range(3)]
        log = [e for n in range(3) for e in (job(n, 10 * n), ends[n])]
        assert taken([log, [make.retracted(ends[0])], [make.retracted(ends[1])]])[2] == 1
        crowded = Memory()
        with patch.object(room, "AT_ONCE", 9):
            crowded.fold(by_subject(map(received, [job(n, n) for n in range(9)])), Tally())
        crowded.fold(by_subject(map(received, [make.employment_ended("p", day(50), employment="e1")])), Tally())
        assert crowded.refused == 0


@pytest.mark.usefixtures("small")
def test_absences_that_hold():
    """No more than so many; one that is retracted makes room, and an end that is taken back needs some."""
    first, *others = [make.absence_started("p", f"a{n}", day(n)) for n in range(4)]
    backwards = make.absence_ended("p", "a3", day(0))
    assert taken([[job(0, 0), first, *others[:2]]])[2] == 1
    assert taken([[job(0, 0), first, others[0], make.retracted(first), others[1]]])[2] == 0
    log = [job(0, 0), backwards, first, others[0], others[2], make.retracted(backwards)]
    assert taken([log])[2] == taken([[e] for e in log])[2] == 1


@pytest.mark.usefixtures("small")
def test_events_in_all_and_together():
    """A record, and a part of it, hold so many; the same event again is no more."""
    reports = [make.time_reported("p", day(n), day(n), 8) for n in range(15)]
    assert taken([reports, reports[:12]])[2] == 3
    units = [make.unit_defined("u", day(n), name=f"u{n}") for n in range(9)]
    assert taken([units])[2] == 3


@pytest.mark.parametrize("family", ["person", "employment", "absence", "assignment", "unit"])
@given(data=st.data())
def test_the_same_messages_are_refused(family: str, data: st.DataObject):
    """However the log is cut into batches, what it comes to is the same."""
    with patch.multiple(room, EVENTS=12, TOGETHER=4, AT_ONCE=1, ABSENCES=1):
        arriving = [e for batch in data.draw(logs(family).flatmap(deliveries)) for e in batch]
        cuts = sorted(data.draw(st.sets(st.integers(1, len(arriving)), max_size=5)))
        batches = [arriving[a:b] for a, b in zip([0, *cuts], [*cuts, len(arriving)], strict=True)]
        assert taken(batches) == taken([[e] for e in arriving])


@pytest.mark.usefixtures("small")
def test_what_is_stored_is_counted_anew_whole():
    """A remake refuses nothing: what it counts was let in before."""
    memory = Memory()
    with patch.object(room, "AT_ONCE", 9):
        memory.fold(by_subject(map(received, [job(n, n) for n in range(6)])), Tally())
    counted = Tally()
    refold("person/p", list(memory.rows["person/p"].values()), counted)
    assert any(counted.deltas.values())


def test_a_full_record_says_so():
    """The reason names what there is too much of, and nothing of what the message says."""
    (refused,) = folded(fold("person/p", [received(job(n, n))[1] for n in range(room.AT_ONCE + 1)], Tally())).refused
    assert refused.place == room.AT_ONCE
    assert refused.why == f"{room.AT_ONCE + 1} employments on one day, and no more than {room.AT_ONCE} are folded"
