"""Who left long enough ago is erased once a day, as a file says; one with a fault erases nobody."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import asyncpg
import pytest

from services.metrics.intake import repository
from services.metrics.intake.repository import Cells
from services.metrics.persons import erasing, retiring
from services.metrics.persons.erasing import Order
from services.metrics.persons.retiring import Retiring
from shared.contracts.erasings import Erasing
from shared.contracts.tenants import ALONE
from shared.contracts.topics import HR_EVENTS
from shared.kit import database, dead_letters
from shared.kit.clock import Clock
from shared.kit.dead_letters import UNLIMITED
from shared.kit.health import Health
from tests import builders as make
from tests.integration import folding
from tests.integration.metering import fetch, net_facts
from tests.integration.persons import by_unit

LONG_AGO = [make.employment_started("gone", "2020-01-01"), make.employment_ended("gone", "2022-04-30")]
LATELY = [make.employment_started("lately", "2020-01-01"), make.employment_ended("lately", "2022-05-01")]
BACK = [make.employment_started("back", "2019-01-01"), make.employment_ended("back", "2020-01-31")]
BACK += [make.employment_started("back", "2023-01-01", employment="second")]
PERSONS = "select subject, key from metrics.parts where key in ('job', 'erased') order by subject"


@pytest.fixture
async def pool(postgres: str) -> AsyncIterator[asyncpg.Pool]:
    """Connections to a fresh database with somebody who left, somebody who left a day later, somebody who is back."""
    async with database.pool(postgres, "metrics") as opened:
        await repository.positions(opened, [(HR_EVENTS.name, 0)])
        await folding.write(opened, [*LONG_AGO, *LATELY, *BACK], 0)
        yield opened


def by_time(pool: asyncpg.Pool, file: Path, today: str) -> tuple[Retiring, Health]:
    """What erases by time on a day, and what it says of itself."""
    clock = Clock(folding.ZONE, date.fromisoformat(today))
    health = Health(clock, retiring.PART)

    async def erase(over: asyncpg.Pool, order: Order) -> Erasing:
        return await erasing.erase(over, Cells(over), order, ALONE)

    return Retiring(pool, str(file), clock, health, erase), health


async def held(url: str) -> dict[str, str]:
    """By person, whether a record is there or that they are erased."""
    return {row["subject"]: row["key"] for row in await fetch(url, PERSONS)}


async def test_whose_time_is_up(pool: asyncpg.Pool, postgres: str, tmp_path: Path):
    """Nobody a day too early, and not who is back; sums stay, and a day later it is the next one's turn."""
    file = tmp_path / "retention.yaml"
    file.write_text("persons: {keep: 2 years, why: the plan}\n")
    facts = await by_unit(postgres)
    at_first, _ = by_time(pool, file, "2024-05-01")
    assert await at_first.look()
    assert await held(postgres) == {"person/back": "job", "person/gone": "erased", "person/lately": "job"}
    assert await at_first.look()
    later, _ = by_time(pool, file, "2024-05-02")
    assert await later.look()
    assert await held(postgres) == {"person/back": "job", "person/gone": "erased", "person/lately": "erased"}
    assert await by_unit(postgres) == facts
    told = await fetch(postgres, "select by, why, persons from metrics.erasings order by at")
    assert list(map(tuple, told)) == [("retention", "the plan", 1)] * 2


async def test_a_fault_erases_nobody(pool: asyncpg.Pool, postgres: str, tmp_path: Path):
    """It is told with its place, and what was wrong is mended by the next look."""
    file = tmp_path / "retention.yaml"
    file.write_text("persons:\n  keep: two years\n")
    working, health = by_time(pool, file, "2024-05-01")
    before = await net_facts(postgres)
    assert not await working.look()
    assert not health.works(retiring.PART)
    assert set((await held(postgres)).values()) == {"job"}
    assert await net_facts(postgres) == before
    file.write_text("persons:\n  keep: 2 years\n")
    assert await working.look()
    assert "erased" in (await held(postgres)).values()


async def test_what_is_put_aside_later_goes_too(pool: asyncpg.Pool, postgres: str, tmp_path: Path):
    """A message that cannot be read names somebody who is erased: it is gone with the next day."""
    file = tmp_path / "retention.yaml"
    file.write_text("persons: {keep: 2 years}\n")
    working, _ = by_time(pool, file, "2024-05-01")
    await working.look()
    letter = dead_letters.DeadLetter(
        HR_EVENTS.name, 0, 99, b"person/gone", b'{"subject": "person/gone"', "not_json", ""
    )
    other = letter._replace(offset=100, key=b"person/lately", value=b'{"subject": "person/lately"')
    async with pool.acquire() as connection, connection.transaction():
        await dead_letters.bury(connection, [letter, other], UNLIMITED)
    later, _ = by_time(pool, file, "2024-05-01")
    await later.look()
    [left] = await fetch(postgres, 'select "offset" from metrics.dead_letters')
    assert left["offset"] == other.offset
