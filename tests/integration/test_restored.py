"""deploy/restored.sql: what a database that was put back on another server needs before the services use it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from services.metrics.intake import repository
from services.metrics.ledger import merging
from services.metrics.ledger import reading as ledger
from shared.kit.database import pool

RESTORED = (Path(__file__).parents[2] / "deploy" / "restored.sql").read_text()
BATCH = "insert into batches (tx, events, facts, tree, seq) values ($1::text::xid8, 1, 0, false, 1)"
YET_TO_COME = "9000000000"
TOLD = "9000000003:9000000008:9000000005,9000000007"
SEEN = """
select b.id, pg_visible_in_snapshot(tx, snapshot::pg_snapshot) as seen from batches b, told order by b.id
"""


@pytest.fixture
async def put_back(postgres: str) -> AsyncIterator[asyncpg.Connection]:
    """A migrated database whose one batch bears the transaction number of a server that had come further."""
    connection = await asyncpg.connect(postgres, server_settings={"search_path": "metrics"})
    await connection.execute(BATCH, YET_TO_COME)
    yield connection
    await connection.close()


async def _news(connection: asyncpg.Connection) -> int:
    """How many batches look as if committed since now."""
    seen = await ledger.mark(connection)
    return len(await connection.fetch(ledger.sql.COMMITTED_SINCE, seen.snapshot))


async def test_batches_of_a_dump_are_in_the_past(put_back: asyncpg.Connection) -> None:
    """A batch that would be counted again at every look is counted once."""
    assert await _news(put_back) == 1
    await put_back.execute(RESTORED)
    assert await _news(put_back) == 0


async def test_periods_of_a_dump_are_closed_for_everybody(postgres: str) -> None:
    """What was closed by a transaction that this server has yet to give out is merged all the same."""
    async with pool(postgres, "metrics", 2) as opened:
        await opened.execute(BATCH, YET_TO_COME)
        ahead = datetime.now(UTC) + timedelta(days=1)
        assert await merging.close(opened, ahead)
        await opened.execute("update periods set closed = $1::text::xid8 where closed is not null", YET_TO_COME)
        assert await merging.ripe(opened, ahead) is None
        await opened.execute(RESTORED)
        assert await merging.ripe(opened, ahead)


async def test_answers_after_a_restore_outrank_those_before(put_back: asyncpg.Connection) -> None:
    """New batches continue far above the dump's, so that no revision is given out twice."""
    before = await ledger.revision(put_back)
    await put_back.execute(RESTORED)
    await repository.append(put_back, {}, repository.Addition(1, [], {}, [], {}))
    assert await ledger.revision(put_back) > before + 900_000


async def test_what_was_told_of_health_stays_told_and_what_came_since_does_not(put_back: asyncpg.Connection) -> None:
    """Each batch is on the side of each snapshot that it was on, and those to come are behind all of them."""
    for number in range(9_000_000_001, 9_000_000_010):
        await put_back.execute(BATCH.replace("false, 1", f"false, {number}"), str(number))
    await put_back.execute("insert into told (snapshot, number) values ($1, 1)", TOLD)
    await put_back.execute("insert into told_until (until, snapshot) values ('2026-01-01', '1000:1000:')")
    before = await put_back.fetch(SEEN)
    assert {row["seen"] for row in before} == {True, False}
    await put_back.execute(RESTORED)
    assert await put_back.fetch(SEEN) == before
    assert not await put_back.fetchval(
        "select pg_visible_in_snapshot(pg_current_xact_id(), snapshot::pg_snapshot) from told"
    )
    assert await put_back.fetchval("select snapshot from told_until") == "2:2:"
    assert await _news(put_back) == 0
