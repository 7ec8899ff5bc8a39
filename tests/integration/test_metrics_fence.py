"""A partition has one owner at a time: what another folded meanwhile is dropped, not added."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from services.metrics.intake import repository
from services.metrics.intake.repository import FencedError, OffsetRange, Position
from shared.kit.database import end_hung
from shared.kit.database import pool as opened
from tests.polling import until

FIRST, SECOND = ("hr.events", 0), ("hr.events", 1)


@pytest.fixture
async def pool(postgres: str) -> AsyncIterator[asyncpg.Pool]:
    """Connections to a fresh database, whose two partitions are known."""
    async with opened(postgres, "metrics") as found:
        assert await repository.positions(found, [FIRST, SECOND]) == {FIRST: Position(0), SECOND: Position(0)}
        yield found


async def advance(pool: asyncpg.Pool, *spans: OffsetRange) -> None:
    """Move positions in a transaction of their own."""
    async with pool.acquire() as connection, connection.transaction():
        await repository.advance(connection, spans)


async def at(pool: asyncpg.Pool) -> list[int]:
    """Where the two partitions are."""
    return [position.next for position in (await repository.positions(pool, [FIRST, SECOND])).values()]


async def test_positions_move_on(pool: asyncpg.Pool):
    """Batch follows batch, several partitions at a time."""
    await advance(pool, OffsetRange(SECOND, 0, 3), OffsetRange(FIRST, 0, 10))
    await advance(pool, OffsetRange(FIRST, 10, 12))
    assert await at(pool) == [12, 3]


async def test_a_batch_is_not_written_twice(pool: asyncpg.Pool):
    """The same messages again are refused, also when only some of them were written."""
    await advance(pool, OffsetRange(FIRST, 0, 10))
    for first in (0, 5, 9):
        with pytest.raises(FencedError):
            await advance(pool, OffsetRange(FIRST, first, 20))
    assert await at(pool) == [10, 0]


async def test_one_stale_partition_drops_the_whole_batch(pool: asyncpg.Pool):
    """What belongs to a partition still owned is dropped with the rest, and read again."""
    await advance(pool, OffsetRange(FIRST, 0, 10))
    with pytest.raises(FencedError, match="1 of 2 partitions"):
        await advance(pool, OffsetRange(FIRST, 0, 10), OffsetRange(SECOND, 0, 5))
    assert await at(pool) == [10, 0]


async def test_a_position_that_was_put_back_is_not_passed(pool: asyncpg.Pool):
    """Whoever still reads on behind the place that was read to drops its batch when the partition was realigned."""
    await advance(pool, OffsetRange(FIRST, 0, 10))
    await pool.execute("update offsets set next = 0")
    with pytest.raises(FencedError):
        await advance(pool, OffsetRange(FIRST, 10, 12))
    assert await at(pool) == [0, 0]


async def test_a_stopped_partition_is_not_moved(pool: asyncpg.Pool):
    """Another replica that has not looked yet drops its batch."""
    await repository.stop(pool, FIRST, 0, "another log")
    with pytest.raises(FencedError):
        await advance(pool, OffsetRange(FIRST, 0, 10))


async def test_two_owners_at_once(pool: asyncpg.Pool):
    """Of ten that write the same messages at the same time exactly one succeeds."""
    spans = [OffsetRange(SECOND, 0, 4), OffsetRange(FIRST, 0, 4)]
    results = await asyncio.gather(*(advance(pool, *spans) for _ in range(10)), return_exceptions=True)
    assert [r for r in results if r is None] == [None]
    assert sum(isinstance(r, FencedError) for r in results) == 9
    assert await at(pool) == [4, 4]


async def test_cells_have_one_number(postgres: str, pool: asyncpg.Pool):
    """Two processes that meet the same cells at the same time give them the same numbers."""
    cells = [repository.Cell(f"u{n}", "o") for n in range(50)]
    one, other = repository.Cells(pool), repository.Cells(pool)
    first, second = await asyncio.gather(one.numbers(cells), other.numbers(cells[::-1]))
    assert first == second
    assert len(set(first.values())) == len(cells)


async def test_known_cells_use_up_no_number(pool: asyncpg.Pool):
    """Processes that start, and meet cells that are known, leave the numbers where they were."""
    cells = [repository.Cell(f"u{n}", "o") for n in range(50)]
    await repository.Cells(pool).numbers(cells)
    used = "select last_value from pg_sequences where schemaname = 'metrics' and sequencename = 'cells_id_seq'"
    before = await pool.fetchval(used)
    for _ in range(3):
        await repository.Cells(pool).numbers(cells)
    assert before == await pool.fetchval(used) == len(cells)


async def test_a_client_that_hangs_in_a_copy_is_ended(postgres: str, pool: asyncpg.Pool):
    """It lets nobody past and no limit of the server ends it, so whoever waits for its locks in vain does."""
    begun = asyncio.Event()

    async def rows() -> AsyncIterator[tuple[int, ...]]:
        yield 1, 1, 1, 1, 1
        begun.set()
        await asyncio.Event().wait()

    async with opened(postgres, "metrics") as hung:
        copying = asyncio.create_task(hung.copy_records_to_table("facts", records=rows()))
        await begun.wait()
        assert await end_hung(pool) == 0
        assert await until(lambda: end_hung(pool), "the session to be ended") == 1
        copying.cancel()
        await asyncio.wait([copying])
