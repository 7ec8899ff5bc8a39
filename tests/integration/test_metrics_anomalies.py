"""Samples of what contradicts the record: whose, which events, in which unit, and nothing of anybody's health."""

from collections.abc import Sequence

import asyncpg
import pytest

from services.metrics.intake import batch, remake
from services.metrics.intake.repository import Cells, OffsetRange, positions
from shared.contracts.anomalies import WHY
from shared.kit.dead_letters import DeadLetter, Limits
from tests import builders as make
from tests.fakes.newer_release import same_rules
from tests.integration.asking import Asking, asking

AT = ("hr.events", 0)
UNITS = [make.unit_defined("d", level="department"), make.unit_defined("u1", parent="d"), make.unit_defined("u2")]
STAFF = [
    make.employment_started(f"p{n}", "2024-01-01", unit="u1" if n < 6 else "u2", employment="a", id=f"hired-{n}")
    for n in range(12)
]
ILL = [
    make.absence_started(f"p{n}", "sick-1", "2023-03-06", last_day="2023-03-10", id=f"note-{n}") for n in (1, 2, 3, 7)
]
AGAIN = make.employment_started("p2", "2024-02-01", unit="u1", employment="a", id="again")
LOG = [*UNITS, *STAFF, *ILL, AGAIN]


async def take_in(pool: asyncpg.Pool, events: Sequence[make.Event]) -> None:
    """Fold events as messages of one partition."""
    await remake.ensure(pool, lambda _: None)
    first = (await positions(pool, [AT]))[AT].next
    some = [DeadLetter(*AT, first + i, None, make.encoded(e), "", "") for i, e in enumerate(events)]
    spans = [OffsetRange(AT, first, first + len(some))]
    await batch.write(pool, Cells(pool), spans, batch.decode(some), Limits(0, 0), 1)


async def samples(found: Asking, **asked: str) -> list[tuple[str, str, set[str]]]:
    """Kind, subject and ids of events of the samples."""
    answer = (await found.ask("/v1/anomalies", **asked)).json()
    return [(s["kind"], s["subject"], {e["id"] for e in s["events"]}) for s in answer["samples"]]


async def test_samples_say_whose_and_which_events(postgres: str):
    """By kind and subject; nothing of what the events say."""
    async with asking(postgres) as found:
        await take_in(found.pool, LOG)
        answer = await found.ask("/v1/anomalies")
        kinds = {k["kind"]: (k["count"], k["why"]["sv"][:8]) for k in answer.json()["kinds"]}
        assert kinds["restated"] == (1, "Två händ")
        assert kinds["absence_outside_employment"] == (4, "Frånvaro")
        assert "sick" not in answer.text.lower()
        assert {"kind", "subject", "units", "count", "events"} == set(answer.json()["samples"][0])
        assert {"source", "id", "type", "recorded"} == set(answer.json()["samples"][0]["events"][0])
        told = await samples(found, kind="absence_outside_employment")
        assert told == [("absence_outside_employment", f"person/p{n}", {f"note-{n}"}) for n in (1, 2, 3, 7)]
        assert await samples(found, kind="restated") == [("restated", "person/p2", {"hired-2", "again"})]


async def test_of_a_unit_and_all_below_it(postgres: str):
    """And of no other; a unit that nobody has named is refused, with the nearest that somebody has."""
    async with asking(postgres) as found:
        await take_in(found.pool, LOG)
        absences = "absence_outside_employment"
        assert {subject for _, subject, _ in await samples(found, kind=absences, unit="d")} == {
            f"person/p{n}" for n in (1, 2, 3)
        }
        assert {subject for _, subject, _ in await samples(found, kind=absences, unit="u2")} == {"person/p7"}
        assert "no unit 'u11'; did you mean u1?" in (await found.ask("/v1/anomalies", unit="u11")).text


async def test_page_by_page(postgres: str):
    """Each answer says where the next one goes on; together they are all."""
    async with asking(postgres) as found:
        await take_in(found.pool, LOG)
        whole, some, after = await samples(found, limit="100"), list[str](), ""
        while after is not None:
            answer = (await found.ask("/v1/anomalies", limit="2", **({"after": after} if after else {}))).json()
            some += [s["subject"] for s in answer["samples"]]
            assert len(answer["samples"]) <= 2
            after = answer["next"]
        assert some == [subject for _, subject, _ in whole]


async def test_who_is_left_in_a_closed_unit(postgres: str):
    """Not who was moved, has left, or will only come; of those who stay, the events that place them there."""
    closing = make.unit_closed("ö1", "2024-03-31", successor="ö2")
    hired = [
        make.employment_started(name, "2024-01-01", unit="ö1", employment="a", id=name)
        for name in ("stays", "moved", "left")
    ]
    told = [
        *(make.unit_defined("ö1", name="Öst"), make.unit_defined("ö2"), closing),
        *hired,
        make.employment_changed("moved", "2024-04-01", unit="ö2", employment="a", id="move"),
        make.employment_ended("left", "2024-03-31", employment="a", id="end"),
        make.employment_started("hourly", "2024-01-01", unit="ö1", employment="a", form="hourly"),
        make.employment_started("came", "2024-01-01", unit="u1", employment="a", id="came"),
        make.employment_changed("came", "2024-02-01", unit="ö1", employment="a", id="into"),
        make.employment_started("coming", "2024-08-01", unit="ö1", employment="a"),
    ]
    there = [("in_closed_unit", "person/came", {"came", "into"}), ("in_closed_unit", "person/stays", {"stays"})]
    async with asking(postgres) as found:
        await take_in(found.pool, [*LOG, *told])
        assert await samples(found, kind="in_closed_unit") == there
        assert await samples(found, kind="in_closed_unit", unit="ö2") == there
        assert await samples(found, kind="in_closed_unit", unit="u2") == []
        answer = (await found.ask("/v1/anomalies", limit="100")).json()
        assert {k["kind"]: k["count"] for k in answer["kinds"]}["in_closed_unit"] == 2
        kinds = [s["kind"] for s in answer["samples"]]
        assert (kinds, kinds.count("in_closed_unit"), kinds[-1]) == (sorted(kinds), 2, "restated")
        moves = [make.employment_changed(n, "2024-04-01", unit="ö2", employment="a") for n in ("stays", "came")]
        await take_in(found.pool, moves)
        assert await samples(found, kind="in_closed_unit") == []
        assert "in_closed_unit" not in (await found.ask("/v1/anomalies")).text


async def test_what_is_recorded_in_the_future(postgres: str):
    """Ingest refuses it; where it has come all the same, it is counted by the clock that is asked, and not whose."""
    late = make.employment_changed("p5", "2024-03-01", unit="u2", employment="a", time="2199-01-01T08:00:00Z")
    async with asking(postgres) as found:
        await take_in(found.pool, [*LOG, late])
        kinds = (await found.ask("/v1/anomalies", limit="0")).json()["kinds"]
        assert {k["kind"]: k["count"] for k in kinds}["recorded_in_future"] == 1
        assert await samples(found, kind="recorded_in_future") == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("kind", "absence_outside_employmet", "did you mean absence_outside_employment?"),
        ("kind", "unit_loop", "expected one of absence_outside_employment"),
        ("after", "restated", "expected the next of another answer"),
        ("after", "restated|\0", "expected the next of another answer"),
        ("limit", "101", "limit"),
    ],
)
async def test_a_question_that_makes_no_sense(postgres: str, name: str, value: str, said: str):
    """Is answered with a sentence."""
    async with asking(postgres) as found:
        answer = await found.ask("/v1/anomalies", **{name: value})
    assert answer.status_code == 400
    assert said in answer.text


async def test_what_is_mended_is_gone(postgres: str):
    """Corrected or taken back, whatever came first; and again after the ledger is remade."""
    async with asking(postgres) as found:
        mended = [make.corrected(ILL[0], effective="2024-03-04", last_day="2024-03-08"), make.retracted(AGAIN)]
        await take_in(found.pool, [*mended, *LOG])
        told = await samples(found)
        assert {subject for _, subject, _ in told} == {"person/p2", "person/p3", "person/p7"}
        assert {kind for kind, _, _ in told} == {"absence_outside_employment"}


async def test_those_counted_before_their_subjects_were_kept(postgres: str):
    """Are counted and have no samples, until the ledger is remade by another release's rules."""
    async with asking(postgres) as found:
        await take_in(found.pool, LOG)
        told = await samples(found)
        await found.pool.execute("update anomalies set subject = null")
        assert await samples(found) == []
        with same_rules():
            await remake.ensure(found.pool, lambda _: None)
            assert await samples(found) == told
            assert sum(k["count"] for k in (await found.ask("/v1/anomalies")).json()["kinds"]) == 5


def test_words_tell_nothing_of_health():
    """What a kind means says no diagnosis."""
    assert not [kind for kind, why in WHY.items() if "sjuk" in why.sv.lower() or "sick" in why.en.lower()]
