"""Two writers that meet one subject, because a foreign client chose other partitions, come to the facts of one."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from services.metrics.intake import repository
from services.metrics.intake.homes import homes
from shared.contracts.topics import HR_EVENTS
from shared.kit.database import pool as opened
from tests import builders as make
from tests.integration.folding import WAITING, write
from tests.integration.metering import clean_pass, net_facts
from tests.polling import until

pytestmark = pytest.mark.usefixtures("unhurried")

PERSON = "a"


@pytest.fixture
async def pool(postgres: str) -> AsyncIterator[asyncpg.Pool]:
    """Connections to a fresh database, whose partitions are known."""
    async with opened(postgres, "metrics", 8) as found:
        await repository.positions(found, [(HR_EVENTS.name, n) for n in range(HR_EVENTS.partitions)])
        yield found


async def waiting(pool: asyncpg.Pool, count: int) -> None:
    """Wait until so many sessions wait for locks."""

    async def so_many() -> bool:
        return len(await pool.fetch(WAITING)) == count

    await until(so_many, f"{count} writers to wait")


@pytest.mark.parametrize("partitions", [(0, 1), (1, 2)], ids=["one at home", "both abroad"])
async def test_they_take_turns(postgres: str, pool: asyncpg.Pool, partitions: tuple[int, int]):
    """Whoever comes second sees what the first did."""
    (at_home,) = homes([f"person/{PERSON}"], HR_EVENTS.partitions)
    first, second = ((at_home + n) % HR_EVENTS.partitions for n in partitions)
    start = make.employment_started(PERSON, "2023-01-01")
    moved = make.employment_changed(PERSON, "2024-01-01", unit="u2")
    left = make.employment_ended(PERSON, "2024-02-01")
    await write(pool, [start], first)
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("lock table parts in share mode")
        one = asyncio.ensure_future(write(pool, [moved], first, 1))
        await waiting(pool, 1)
        other = asyncio.ensure_future(write(pool, [left], second))
        await waiting(pool, 2)
        await transaction.commit()
        await asyncio.gather(one, other)
    assert await net_facts(postgres) == clean_pass([start, moved, left])[0]
