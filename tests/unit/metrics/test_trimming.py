"""Families of events that are trimmed of a person who stays: what goes, what stays, and that order changes nothing."""

import random
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.entry import ReadEntry
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE, Tally
from services.metrics.domain.record.erasing import contributed
from services.metrics.domain.record.record import ERASURE
from services.metrics.domain.record.refold import holding, refold
from services.metrics.domain.record.trimming import cut, trimmed
from shared.contracts.erased import ERASED, FAMILIES, SUMS_KEPT, TRIMMED, Family
from tests import builders as make
from tests.unit.metrics.folding import Folded, fold, fold_batches, miscounted, received
from tests.unit.metrics.lives import life

SAID_AT = "2025-06-01T10:00:00.000000Z"
THROUGH = date(2022, 12, 31)
NEW_YEAR = date(2023, 1, 1).toordinal()
NAMES: tuple[Family, ...] = ("absence", "bonus", "caseload", "milestone", "time")


def marker(family: Family, through: str | date = THROUGH, at: str = SAID_AT) -> make.Event:
    """A family is trimmed."""
    data = {"family": family, "through": str(through)}
    return make.event(TRIMMED, "person/p", data, time=at, source="stadga/metrics", id=f"{family}{through}{at}")


def stays(sums: Tally, name: str = "k") -> make.Event:
    """The sums of what goes, as they were: how roughly they are told is another matter."""
    facts = [[*fact.cell, fact.measure, fact.day, fact.delta] for fact in sums.facts()]
    return make.event(SUMS_KEPT, f"kept/{name}", {"facts": facts}, time=SAID_AT, source="stadga/metrics", id=name)


def told(folded: Folded) -> list[ReadEntry]:
    """The events of the person that hold."""
    return [ReadEntry(entry, entry.read()) for entry in holding(folded.memory.rows["person/p"].values())]


def trim(folded: Folded, family: Family, through: date = THROUGH) -> list[make.Event]:
    """What is said where a family is trimmed."""
    found = trimmed("person/p", told(folded), family, through)
    if found is None:
        return []
    return [marker(family, date.fromordinal(found.through)), stays(found.contributed, f"{family}{through}")]


def net(folded: Folded) -> tuple[dict[object, int], dict[str, int]]:
    """Facts and contradictions that there are."""
    return dict(folded.facts), {kind: count for kind, count in folded.anomalies.items() if count}


def batches(chance: random.Random, log: list[make.Event]) -> list[Sequence[make.Event]]:
    """In any order, cut anywhere."""
    mixed = chance.sample(log, len(log))
    cuts = sorted(chance.sample(range(len(log)), min(4, len(log))))
    return [mixed[a:b] for a, b in zip([0, *cuts], [*cuts, len(log)], strict=True)]


@given(st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_sums_are_what_they_were(chance: random.Random):
    """Whatever is trimmed, of however many families, one after the other and further each time."""
    every = life(chance)
    log, before = [every], fold_batches([every])
    order = chance.sample(NAMES, len(NAMES))
    for year in (2021, 2022, 2024):
        for family in order:
            log.append(trim(fold_batches(log), family, date(year, chance.randrange(1, 13), 1)))
    after = fold_batches(log)
    assert after.facts == before.facts
    assert miscounted(after.memory) == []


@given(st.randoms(use_true_random=False), st.booleans())
@settings(deadline=None, max_examples=40)
def test_any_order(chance: random.Random, repeated: bool):
    """Whatever order events, late ones and what is trimmed come in, in whatever batches, it comes to the same."""
    every = life(chance)
    late = chance.sample(every, len(every) // 4)
    first = [one for one in every if one not in late]
    log = [first]
    for family in NAMES:
        log.append(trim(fold_batches(log), family, date(chance.randrange(2021, 2025), 12, 31)))
    said = [one for some in log[1:] for one in some]
    in_order = fold_batches([*log, late])
    whole = [*every, *said]
    whole += chance.sample(whole, len(whole) // 3) if repeated else []
    found = fold_batches(batches(chance, whole))
    assert net(found) == net(in_order)
    assert miscounted(found.memory) == []
    assert {t.entry.key for t in told(found)} == {t.entry.key for t in told(in_order)}


@given(st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=25)
def test_nothing_is_left(chance: random.Random):
    """No event that goes is in the record, and what it came to is on no day to come; a ledger counted anew is equal."""
    log = [life(chance)]
    for family in chance.sample(NAMES, len(NAMES)):
        before = fold_batches(log)
        gone = trimmed("person/p", told(before), family, THROUGH)
        if gone is None:
            continue
        assert max((day for _, _, day in _there(gone.contributed)), default=0) <= NEW_YEAR
        log.append(trim(before, family))
        after = fold_batches(log)
        corrections = {t.entry.key for t in gone.events if t.entry.corrects}
        assert not {t.entry.key for t in gone.events} & {t.entry.key for t in told(after)}
        assert not ({t.entry.key for t in gone.events} - corrections) & after.memory.rows["person/p"].keys()
        counted = Tally()
        for subject, held in after.memory.rows.items():
            assert not refold(subject, list(held.values()), counted)
        assert _there(counted) == after.facts


@given(st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=25)
def test_no_spell_is_cut(chance: random.Random):
    """Absences that go come to what they would if there had been no others."""
    before = told(fold_batches([life(chance)]))
    gone = trimmed("person/p", before, "absence", THROUGH)
    if gone is None:
        return
    own = [t for t in before if FAMILIES.get(t.entry.type) != "absence"]
    alone = contributed("person/p", [*own, *gone.events])
    alone.add(contributed("person/p", own), -1)
    assert _there(alone) == _there(gone.contributed)


SICK = make.absence_started("p", "x", "2022-06-06", id="x", last_day="2022-06-10")
CASES = [make.caseload_reported("p", f"202{n}-03-01", n, id=f"c{n}") for n in range(1, 5)]


@pytest.mark.parametrize(
    ("family", "events", "through", "until"),
    [
        ("time", [make.time_reported("p", "2022-12-15", "2023-01-14", 9)], "2022-12-31", "2022-12-31"),
        ("bonus", [make.bonus_paid("p", "2022-01-01")], "2022-12-31", "2022-01-01"),
        ("milestone", [make.milestone_reached("p", "check_in_held", "2022-01-01")], "2022-12-31", "2021-10-02"),
        ("caseload", CASES, "2022-12-31", "2022-02-28"),
        ("caseload", CASES, "2023-03-01", "2023-02-28"),
        ("caseload", CASES, "2020-12-31", "2020-12-31"),
        ("absence", [SICK], "2022-06-10", "2022-06-10"),
        ("absence", [SICK], "2022-06-09", "2022-06-02"),
        ("absence", [SICK, make.absence_started("p", "y", "2022-06-13")], "2022-12-31", "2022-06-02"),
        ("absence", [SICK, make.absence_started("p", "y", "2022-06-14")], "2022-12-31", "2022-06-10"),
        ("absence", [SICK, make.absence_started("p", "y", "2021-01-01")], "2022-12-31", "2020-12-28"),
        ("absence", [make.absence_ended("p", "z", "2022-06-10")], "2022-06-10", "2022-06-10"),
    ],
)
def test_up_to_which_day(family: Family, events: list[make.Event], through: str, until: str):
    """Before what still holds or counts, a spell that lasts longer, and an absence that nobody has ended."""
    found = cut([received(one)[1] for one in events], family, date.fromisoformat(through).toordinal())
    assert date.fromordinal(found).isoformat() == until


LIFE = (
    make.employment_started("p", "2021-01-01", id="s"),
    make.absence_started("p", "x", "2022-03-01", id="a"),
    make.absence_ended("p", "x", "2022-03-20", id="b"),
    make.absence_started("p", "y", "2023-03-01", id="a2", last_day="2023-03-09"),
)
LATE = (
    make.absence_ended("p", "x", "2022-04-30", id="b2", corrects="b", time="2025-07-01T08:00:00Z"),
    make.retracted({"subject": "person/p", "id": "a"}, id="r", time="2025-07-01T08:00:00Z"),
    make.absence_started("p", "w", "2021-05-01", id="w", last_day="2021-05-09", time="2025-07-01T08:00:00Z"),
)


@pytest.mark.parametrize("late", LATE, ids=lambda event: event["id"])
def test_what_comes_late_counts_for_nothing(late: make.Event):
    """A correction of what is gone, and what nobody told in time: the sums stay what they were."""
    before = fold(*LIFE)
    found = fold_batches([LIFE, trim(before, "absence"), [late]])
    assert found.facts == before.facts


def test_what_is_left_is_still_corrected():
    """It counts as what it is corrected to."""
    before = fold(*LIFE)
    mended = make.corrected(LIFE[3], id="k", last_day="2023-03-20", time="2025-07-01T08:00:00Z")
    assert fold_batches([LIFE, trim(before, "absence"), [mended]]).facts == fold(*LIFE, mended).facts


def test_a_correction_of_the_employment_moves_what_is_left_alone():
    """What is trimmed stays where it was counted."""
    moved = make.corrected(LIFE[0], id="s2", unit="u2", time="2025-07-01T08:00:00Z")
    found = fold_batches([LIFE, trim(fold(*LIFE), "absence"), [moved]])
    spells = {(cell.unit, day): n for (cell, measure, day), n in found.facts.items() if measure == Measure.sick_spells}
    days = [date(2022, 3, 1).toordinal(), date(2023, 3, 1).toordinal()]
    assert spells == {("u1", days[0]): ONE, ("u2", days[1]): ONE}


def test_what_was_corrected_is_forgotten():
    """Of what held no longer stays that it does not: neither type nor time; seen again, it still does not hold."""
    first = make.time_reported("p", "2022-03-01", "2022-03-31", 99, id="t")
    second = make.corrected(first, worked_hours=90, id="t2", time="2022-05-01T08:00:00Z")
    third = make.retracted(second, id="t3", time="2022-06-01T08:00:00Z")
    before = fold_batches([[LIFE[0], first, second, third, make.time_reported("p", "2022-02-01", "2022-02-28", 9)]])
    log = [[LIFE[0], first, second, third], [make.time_reported("p", "2022-02-01", "2022-02-28", 9)]]
    found = fold_batches([*log, trim(before, "time")])
    bodies = b"".join(row.body for row in found.memory.rows["person/p"].values() if row.is_event)
    assert b"hr.time" not in bodies
    assert b"retracted" not in bodies
    assert fold_batches([*log, trim(before, "time"), [first, second, third]]).facts == before.facts


def test_then_erased():
    """Nothing is left but the sums."""
    erased = make.event(ERASED, "person/p", {"through": "2025-06-01"}, time=SAID_AT, source="stadga/metrics")
    found = fold_batches([LIFE, trim(fold(*LIFE), "absence"), [erased]])
    assert set(found.memory.rows["person/p"]) == {ERASURE}
    assert {measure for _, measure, _ in found.facts} >= {Measure.sick_spells}
    assert all(cell.unit == "u1" for cell, _, _ in found.facts)


def _there(tally: Tally) -> dict[tuple[Cell, int, int], int]:
    return {place: delta for place, delta in tally.deltas.items() if delta}
