"""What was known before somebody was erased: units' totals at every time, and nothing of groups within those units."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from cli.offline.backtesting import from_service
from cli.offline.backtesting.output import as_tables
from services.metrics.intake import batch, repository
from services.metrics.intake.repository import Cells, OffsetRange
from services.metrics.ledger import merging
from services.metrics.persons import erasing
from services.metrics.persons.erasing import Order
from shared.contracts.catalogue import METRICS
from shared.contracts.tenants import ALONE
from shared.contracts.topics import HR_EVENTS
from shared.kit.dead_letters import DeadLetter, Limits
from shared.language.language import Language
from tests import builders as make
from tests.conftest import beside, execute
from tests.integration import folding
from tests.integration.asking import TODAY, Asking, asking
from tests.integration.persons import LEFT, of_person, town
from tests.integration.test_backtest_service import asked_by
from tests.integration.test_metrics_merging import LONG_AGO, NOW, merger

FIRST = datetime(2024, 5, 1, 12, tzinfo=UTC)
"""When the first batch was taken in; each that follows came a day after the one before."""
MOVED = "moved-by-mistake"
PLAN = """
plan: heads
recipients: {hr: {email: hr@kommun.example}}
targets:
  - {id: few, metric: headcount, breach: {below: 100}, notify: [hr]"""
NAMES = ",".join(one.name for one in METRICS if not one.by_month)
WITHIN = (("u1", "gender"), ("u2", "age"), ("u1", "occupation"), ("stad", "gender"), ("*", "gender,age"))
"""Units, and how their groups are described."""
AS_OF = ("2022-12-31", "2023-05-31", "2023-12-31", str(TODAY))
SV, EN = "visas inte hur grupper inom enheten var beskrivna", "how groups within the unit were described"
Groups = dict[tuple[str, ...], dict[str, Any]]


class Taken(NamedTuple):
    """A town whose last batch erases somebody: what was told of each time before, and since when it is otherwise."""

    asked: Asking
    totals: dict[tuple[str, str], Groups]
    elsewhere: dict[tuple[str, str], Groups]
    times: list[str]
    since: str


def by_mistake() -> list[make.Event]:
    """A man who was told of in u3, though he was of u1: that was corrected before he left."""
    started = make.employment_started(MOVED, "2022-02-01", "u3", gender="m", born=1960, occupation="archivist", id="m1")
    ended = make.employment_ended(MOVED, "2023-10-31", id="m3")
    return [started, make.corrected(started, unit="u1", id="m2"), ended]


def others() -> list[make.Event]:
    """A third unit, that whoever is erased was never in."""
    return [make.employment_started(f"d{n}", "2021-01-01", "u3", gender="m", born=1960) for n in range(3)]


async def groups(asked: Asking, as_of: str, **question: str) -> Groups:
    """Values of groups."""
    answer = await asked.ask("/v1/metrics", as_of=as_of, metrics=NAMES, **question)
    assert answer.is_success, answer.text
    return {
        (one["unit"], one["occupation"], one["gender"], one["age"]): one["metrics"] for one in answer.json()["groups"]
    }


def counted(found: Groups) -> Groups:
    """Those that have anybody."""
    return {group: told for group, told in found.items() if told["headcount"]["value"]}


async def take(asked: Asking, batches: Sequence[Sequence[make.Event]]) -> None:
    """One after the other, a day apart."""
    await repository.positions(asked.pool, [(HR_EVENTS.name, 0)])
    first = 0
    for events in batches:
        await folding.write(asked.pool, events, 0, first)
        first += len(events)
    await a_day_apart(asked)


async def a_day_apart(asked: Asking) -> list[str]:
    """Date the batches; when each was taken in."""
    await asked.pool.execute(
        "update batches set at = $1::timestamptz + interval '1 day' * (place - 1) from ("
        "select id as one, row_number() over (order by seq) as place from batches) found where one = id",
        FIRST,
    )
    rows = await asked.pool.fetch("select at from batches order by seq")
    return [row["at"].isoformat() for row in rows]


async def erase(asked: Asking, *persons: str) -> None:
    """As a service does, but that it is not said on hr.events."""
    order = Order(persons, "a test", "somebody", datetime(2024, 5, 25, tzinfo=UTC), date(2024, 5, 25))
    await erasing.erase(asked.pool, Cells(asked.pool), order, ALONE)
    await a_day_apart(asked)


@pytest.fixture
async def taken(postgres: str) -> AsyncIterator[Taken]:
    """Every event of the one who is erased came in a batch of its own."""
    async with asking(postgres) as asked:
        await take(asked, [[*town(), *others()], *([event] for event in of_person())])
        times = await a_day_apart(asked)
        totals = {(at, day): await groups(asked, day, known_at=at) for at in times for day in AS_OF}
        elsewhere = {
            (at, day): await groups(asked, day, known_at=at, unit="u3", by="gender") for at in times for day in AS_OF
        }
        await erase(asked, LEFT)
        rows = await asked.pool.fetch("select at from batches order by seq desc limit 1")
        yield Taken(asked, totals, elsewhere, times, rows[0]["at"].isoformat())


async def test_totals_of_units_are_told_at_every_time(taken: Taken):
    """They are what they were, and so is every group of a unit that the person was never in."""
    assert any(len(found) > 1 for found in taken.totals.values())
    for (at, day), found in taken.totals.items():
        assert await groups(taken.asked, day, known_at=at) == found, (at, day)
    for (at, day), found in taken.elsewhere.items():
        assert await groups(taken.asked, day, known_at=at, unit="u3", by="gender") == found, (at, day)


async def test_groups_within_units_are_told_since_then(taken: Taken):
    """Before, from every route that says what was known, by any description; at that moment as now."""
    asked = taken.asked
    for unit, by in WITHIN:
        for at in taken.times[1:]:
            question = {"unit": unit, "by": by, "known_at": at}
            for path in ("/v1/metrics", "/v1/series"):
                answer = await asked.ask(path, metrics="headcount", **question)
                assert (answer.status_code, answer.json()["reason"]) == (400, "forgotten"), (path, question)
                assert answer.json()["path"] == "query.known_at"
                assert all(said in answer.json()["detail"] for said in (SV, EN, taken.since[:10]))
        for day in AS_OF:
            known = await groups(asked, day, unit=unit, by=by, known_at=taken.since)
            assert known == await groups(asked, day, unit=unit, by=by)
            men = {told["headcount"]["value"] for group, told in counted(known).items() if {"m", "50-"} & {*group}}
            assert men <= ({len(others())} if unit == "*" else set())
    one = {"occupation": "socialsekreterare", "known_at": taken.times[0]}
    assert (await asked.ask("/v1/metrics", **one)).json()["reason"] == "forgotten"
    assert (await asked.ask("/v1/metrics", known_at=taken.times[0])).is_success


async def test_revisions(taken: Taken):
    """Of an occupation in a unit those since; of the unit all."""
    question = {"metric": "headcount", "unit": "u1", "occupation": "socialsekreterare", "to": "2024-05-20"}
    before = await taken.asked.ask("/v1/revisions", **question, **{"from": "2024-05-01"})
    assert (before.status_code, before.json()["path"]) == (400, "query.from"), before.text
    assert SV in before.json()["detail"]
    assert (await taken.asked.ask("/v1/revisions", **question, **{"from": taken.since[:10]})).is_success
    whole = question | {"occupation": "*", "from": "2024-05-01"}
    assert (await taken.asked.ask("/v1/revisions", **whole)).is_success


async def test_as_known_on_each_day(postgres: str):
    """A group of a unit counts as loaded on the day of the erasing: the only one of an occupation was never there."""
    archivist = [one | {"data": one["data"] | {"occupation": "archivist"}} for one in of_person()[:1]]
    async with asking(postgres) as asked:
        await take(asked, [town(), archivist, [of_person()[-2]]])
        question = {"metric": "headcount", "unit": "u1", "from": "2024-05-01", "to": str(TODAY)}
        whole = (await asked.ask("/v1/as-known", **question)).json()
        alone = (await asked.ask("/v1/as-known", **question, occupation="archivist")).json()
        assert (alone["loaded"], alone["since"]) == ("2024-05-01", "2024-05-03")
        await erase(asked, LEFT)
        assert (await asked.ask("/v1/as-known", **question)).json() == whole
        alone = (await asked.ask("/v1/as-known", **question, occupation="archivist")).json()
        assert (alone["loaded"], alone["since"]) == ("2024-05-05", None)
        never = (await asked.ask("/v1/as-known", **question, occupation="of nobody")).json()
        assert alone["values"] == never["values"]
        others = (await asked.ask("/v1/as-known", **question, occupation="socialsekreterare")).json()
        assert others["loaded"] == "2024-05-05"
        assert others["values"]


@pytest.mark.parametrize(
    ("language", "said"), [("sv", "Den 2024-05-12 raderades personer."), ("en", "Persons were erased on 2024-05-12.")]
)
async def test_a_backtest_of_an_occupation_goes_on(
    taken: Taken, monkeypatch: pytest.MonkeyPatch, language: Language, said: str
):
    """By what became known since, which it says; of units it is what it was."""
    monkeypatch.setattr(from_service, "ask", asked_by(taken.asked, asyncio.get_running_loop()))
    span = date(2024, 5, 3), date(2024, 5, 20)
    found = {
        name: await asyncio.to_thread(from_service.from_service, {"plan": f"{PLAN}{of}}}"}, None, *span)
        for name, of in (("unit", ""), ("occupation", ", occupation: socialsekreterare"))
    }
    assert [one.plans[0].targets[0].alerts for one in found.values()] == [4, 4]
    assert (found["unit"].described, found["occupation"].described) == (None, date(2024, 5, 12))
    told = {name: any(said in str(one) for one in as_tables(tested, language)) for name, tested in found.items()}
    assert told == {"unit": False, "occupation": True}


async def test_who_was_told_of_elsewhere_by_mistake(postgres: str):
    """Where that was is kept nowhere, so it may have been anywhere: no unit tells of its groups of before."""
    async with asking(postgres) as asked:
        await take(asked, [[*town(), *others()], *([event] for event in by_mistake())])
        question = {"unit": "u3", "by": "occupation", "known_at": (FIRST + timedelta(days=2)).isoformat()}
        [told] = [group for group in counted(await groups(asked, "2023-05-31", **question)) if "archivist" in group]
        assert told[0] == "u3"
        await erase(asked, MOVED)
        answer = await asked.ask("/v1/metrics", **question)
        assert (answer.status_code, answer.json()["reason"]) == (400, "forgotten")


async def test_a_replay_knows_as_much(taken: Taken, server: str, migrated: str):
    """An empty database that reads the same log, with what is said of the erasing: its groups are those known since.

    What it knew between the person's events and the erasing, it tells as little of.
    """
    said = [
        bytes(row["value"]) for row in await taken.asked.pool.fetch("select value from erasing_messages order by n")
    ]
    name = f"test_{uuid4().hex}"
    await execute(server, f"create database {name} template {migrated}")
    async with asking(beside(server, name)) as again:
        await read(again, [*map(make.encoded, [*town(), *others(), *of_person()]), *said])
        times = await a_day_apart(again)
        for day in AS_OF:
            assert await groups(again, day) == await groups(taken.asked, day, known_at=taken.since)
            for unit, by in WITHIN:
                found = await groups(again, day, unit=unit, by=by)
                known = await groups(taken.asked, day, unit=unit, by=by, known_at=taken.since)
                assert counted(found) == counted(known)
        for at in times[-1 - len(said) - len(of_person()) : -1]:
            answer = await again.ask("/v1/metrics", unit="u1", by="gender", known_at=at)
            assert (answer.status_code, answer.json()["reason"]) == (400, "forgotten"), at
        assert (await again.ask("/v1/metrics", unit="u1", by="gender", known_at=times[-1])).is_success
    await execute(server, f"drop database {name} with (force)")


async def read(asked: Asking, messages: Sequence[bytes]) -> None:
    """One message after the other, as the stream may."""
    await repository.positions(asked.pool, [(HR_EVENTS.name, 0)])
    for n, message in enumerate(messages):
        at = HR_EVENTS.name, 0
        arrived = batch.decode([DeadLetter(*at, n, None, message, "", "")])
        spans = [OffsetRange(at, n, n + 1)]
        await batch.write(asked.pool, Cells(asked.pool), spans, arrived, Limits(0, 0), HR_EVENTS.partitions)


async def test_merging_forgets_where_somebody_was(taken: Taken):
    """What was known before is then kept no longer."""
    pool = taken.asked.pool
    assert await pool.fetch("select unit from redescribed")
    await taken.asked.ledger.tell(TODAY)
    await pool.execute("update batches set at = $1", LONG_AGO)
    await merging.close(pool, NOW)
    await merger().some(pool)
    assert await pool.fetch("select unit from redescribed") == []
