"""Sums of health that a replica has at hand are those of the facts that were told of, and no answer differs by them."""

import asyncio
from datetime import date
from typing import Any

import asyncpg
import numpy as np
import pytest

from services.metrics.answers.register import Register
from services.metrics.answers.sums import ReplicaSums
from services.metrics.domain.disclosure.sums_by_cell import SumsByCell, latest
from services.metrics.domain.disclosure.told import KERNELS, MEASURES, by_month
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.kernels import Deltas
from services.metrics.domain.sums.merging import Merging
from services.metrics.domain.sums.selection import Classes
from services.metrics.intake import remake
from services.metrics.intake.repository import positions
from services.metrics.ledger import reading as ledger
from services.metrics.ledger import telling
from services.metrics.ledger.term import begin
from services.metrics.publishing.keeper import Keeper
from shared.kit.database import pool as opened
from tests import builders as make
from tests.fakes.newer_release import newer
from tests.integration import mixed_logs
from tests.integration.asking import TODAY, Asking, asking
from tests.integration.test_metrics_remake import AT, remade, take_in
from tests.polling import until

LATER = date(2024, 8, 15)
STAFF = [
    make.employment_started(f"{unit}{n}", "2020-01-01", unit, gender="fm"[n % 2], born=1980)
    for unit in "abc"
    for n in range(24)
]
ILL = make.absence_started("a0", "a", "2024-03-01", last_day="2024-03-10")
LOG = [*STAFF, ILL, make.time_reported("b1", "2023-05-01", "2023-05-31", 160, overtime_hours=5)]
LATE = [
    make.employment_started("late", "2023-11-01", "a", "another", gender="f", born=1980),
    make.absence_started("late", "a", "2024-03-01", last_day="2024-03-20"),
    make.absence_started("b0", "a", "2024-02-25", last_day="2024-03-05"),
]
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"metrics": "sick_rate,overtime_share", "by": "gender"},
    {"metrics": "short_spell_rate", "unit": "a", "by": "occupation"},
    {"metrics": "sick_rate,headcount", "as_of": "2024-03-31", "window": "31"},
    {"metrics": "sick_rate", "as_of": "2021-06-30"},
    {},
)


async def agrees(pool: asyncpg.Pool, sums: ReplicaSums) -> int:
    """That sums are those of the facts told of, cell by cell and month by month; the number of the telling."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        told, last = await telling.watermark(connection), await telling.until(connection)
        months = latest(last + 1)
        found = await sums.look(connection, told, last, months)
        portions = [rows async for rows in ledger.counting(connection, MEASURES, told.later)]
    assert found
    facts = Deltas(*np.concatenate(portions).T)
    cells = 1 + int(facts.cells.max())
    own = [[cell] for cell in range(cells)]
    groups = [Group(f"{cell}") for cell in range(cells)]
    expected = by_month(facts, own, cells, months)
    given = found.by_month(told.number, Classes(groups, {n: n for n in range(cells)}, own), months)
    assert any(given[kernel].any() for kernel in KERNELS)
    for kernel in KERNELS:
        assert np.array_equal(given[kernel], expected[kernel])
    return told.number


async def answers(asked: Asking) -> list[Any]:
    """What all questions are answered by."""
    found = [await asked.ask("/v1/metrics", **question) for question in QUESTIONS]
    found.append(await asked.ask("/v1/reports/sickness", year="2023"))
    found.append(await asked.ask("/v1/series", metrics="sick_rate", window="step", unit="b"))
    assert {answer.status_code for answer in found} == {200}
    return [answer.json() for answer in found]


async def from_facts(asked: Asking) -> list[Any]:
    """What a replica answers that has no sums at hand."""
    at_hand, asked.register.sums = asked.register.sums, ReplicaSums()
    try:
        return await answers(asked)
    finally:
        asked.register.sums = at_hand


async def test_what_comes_late_is_corrected_and_is_taken_back(postgres: str):
    """Nothing of it is in the sums before it is told of; then all is, and what never was is in none."""
    async with asking(postgres, LOG) as asked:
        await asked.register.sums.load(asked.pool)
        first = await agrees(asked.pool, asked.register.sums)
        for events in (
            LATE,
            [make.unit_defined("d"), make.unit_defined("a", parent="d")],
            [make.corrected(LATE[2], last_day="2024-04-10")],
            [make.retracted(ILL), make.retracted(LATE[1]), make.retracted(LATE[0])],
        ):
            await asked.ledger.take(*events)
            number = await agrees(asked.pool, asked.register.sums)
            assert await answers(asked) == await from_facts(asked)
            await asked.ledger.tell(TODAY)
            assert await agrees(asked.pool, asked.register.sums) == number + 1
            assert await answers(asked) == await from_facts(asked)
        assert number == first + 3


def without_revision(found: list[Any]) -> list[Any]:
    """Answers but for the state of the ledger that they are of."""
    return [{name: value for name, value in answer.items() if name != "revision"} for answer in found]


def failing_once(monkeypatch: pytest.MonkeyPatch, kind: type, others: int) -> None:
    """Adding facts runs out of memory once, after ``others`` portions were added."""
    whole, left = kind.add, iter([*(True for _ in range(others)), False])

    def add(self: object, facts: object) -> None:
        if not next(left, True):
            raise MemoryError
        whole(self, facts)

    monkeypatch.setattr(kind, "add", add)


@pytest.mark.parametrize(("kind", "others"), [(SumsByCell, 0), (Merging, 0), (Merging, 1)])
async def test_what_is_taken_in_by_half_is_read_anew(
    postgres: str, monkeypatch: pytest.MonkeyPatch, kind: type, others: int
):
    """A replica that runs out of memory while it takes in a telling answers rightly afterwards, from all of it."""
    async with asking(postgres, LOG) as asked:
        await asked.register.sums.load(asked.pool)
        await answers(asked)
        await asked.ledger.take(*LATE)
        await asked.ledger.tell(TODAY)
        failing_once(monkeypatch, kind, others)
        with pytest.raises(AssertionError):
            await answers(asked)
        again = await answers(asked)
    async with asking(postgres) as another:  # begins with a batch of nothing, which is a revision of its own
        assert without_revision(again) == without_revision(await answers(another))


async def test_a_replica_that_starts_has_the_same(postgres: str):
    """Also while something has come that is not told of yet."""
    async with asking(postgres, LOG) as asked:
        await asked.register.sums.load(asked.pool)
        await asked.ledger.take(*LATE)
        another = Register().sums
        await another.load(asked.pool)
        assert await agrees(asked.pool, another) == await agrees(asked.pool, asked.register.sums)
        await asked.ledger.tell(TODAY)
        assert await agrees(asked.pool, another) == await agrees(asked.pool, asked.register.sums)


async def test_a_month_ends(postgres: str):
    """Questions are answered from facts until the sums of the new month are at hand."""
    async with asking(postgres, LOG) as asked:
        sums = asked.register.sums
        await sums.load(asked.pool)
        await asked.ledger.take(*LATE)
        await asked.ledger.tell(LATER)
        with pytest.raises(AssertionError):
            await agrees(asked.pool, sums)
        assert await answers(asked) == await from_facts(asked)
        await sums.load(asked.pool)
        await agrees(asked.pool, sums)
        assert await answers(asked) == await from_facts(asked)


async def test_before_anything_was_told(postgres: str):
    """There is nothing to load, and nothing is."""
    async with opened(postgres, "metrics") as pool:
        sums = ReplicaSums()
        await sums.load(pool)
        async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            assert await sums.look(connection, await telling.watermark(connection), 0, []) is None


async def test_they_are_loaded_beside_the_first_question(postgres: str, monkeypatch: pytest.MonkeyPatch):
    """Then a question about health alone reads no facts; what was told before is what is told now."""
    async with asking(postgres, LOG) as asked:
        keeping = asyncio.create_task(asked.register.sums.keep(asked.pool))
        first = await asked.ask("/v1/metrics", **QUESTIONS[0])
        monkeypatch.setattr("services.metrics.answers.history._read_all", None)

        async def answered() -> bool:
            answer = await asked.ask("/v1/metrics", **QUESTIONS[0])
            return bool(answer.status_code == 200 and answer.json() == first.json())

        await until(answered, "sums at hand")
        keeping.cancel()
        await asyncio.wait([keeping])


async def test_the_ledger_is_remade_by_other_rules(postgres: str, monkeypatch: pytest.MonkeyPatch):
    """What differs is in the sums once it is told of."""
    monkeypatch.setattr(remake, "ROWS", 200)
    sums = ReplicaSums()

    async with opened(postgres, "metrics", 6) as pool:

        async def tell() -> None:
            async with pool.acquire() as connection:
                keeper = Keeper(connection, 365, 150.0)
                await keeper.make(date(2024, 1, 15).toordinal())
                await keeper.tell(await begin(pool))

        await positions(pool, [AT])
        await take_in(pool, mixed_logs.shuffled_year(2_500))
        await tell()
        await sums.load(pool)
        first = await agrees(pool, sums)
        with newer():
            await remade(pool)
            assert await agrees(pool, sums) == first
            await tell()
            assert await agrees(pool, sums) == first + 1


async def test_much_is_told_while_many_ask(postgres: str):
    """Every question is answered, and in the end the sums are right."""
    async with asking(postgres, LOG) as asked:
        keeping = asyncio.create_task(asked.register.sums.keep(asked.pool))

        async def write() -> None:
            for n in range(12):
                await asked.ledger.take(make.absence_started(f"a{n + 1}", "a", "2024-01-08", last_day="2024-01-12"))
                if n % 4 == 3:
                    await asked.ledger.tell(TODAY)

        async def read() -> set[int]:
            return {(await asked.ask("/v1/metrics", **QUESTIONS[0])).status_code for _ in range(15)}

        _, *codes = await asyncio.gather(write(), *(read() for _ in range(4)))
        await until(lambda: not asked.register.sums.loads, "sums at hand")
        await agrees(asked.pool, asked.register.sums)
        keeping.cancel()
        await asyncio.wait([keeping])
    assert set[int]().union(*codes) == {200}
