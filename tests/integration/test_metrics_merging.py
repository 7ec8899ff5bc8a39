"""Old facts are merged: fewer rows, the same sums, whatever happens meanwhile; and what is no longer known is said."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from services.metrics.answers.following import Following
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.values.book import Book
from services.metrics.intake import repository
from services.metrics.ledger import merging
from services.metrics.ledger import merging_statements as sql
from services.metrics.ledger import reading as ledger
from services.metrics.ledger.merging import BusyError, Period
from services.metrics.ledger.rules_statements import HOLD_LEDGER, LET_LEDGER_GO
from services.metrics.ledger.telling import OutdatedError, Watermark
from services.metrics.merger import Merger
from services.metrics.publishing.keeper import Keeper
from shared.kit.clock import Clock
from shared.kit.database import pool as opened
from tests import builders as make
from tests.integration import mixed_logs
from tests.integration.asking import TODAY, Asking, asking
from tests.integration.evaluating import Ledger
from tests.integration.folding import ZONE
from tests.integration.test_metrics_remake import AT, take_in
from tests.polling import until

pytestmark = pytest.mark.usefixtures("unhurried")

LONG_AGO, LATELY = datetime(2024, 1, 15, 12, tzinfo=UTC), datetime(2024, 6, 20, 12, tzinfo=UTC)
NOW = datetime(2024, 6, 30, 12, tzinfo=UTC)
KEPT_DAYS = 60
SUMS = "select cell, measure, day, sum(delta) from facts group by 1, 2, 3 having sum(delta) <> 0 order by 1, 2, 3"
ROWS = "select count(*) from facts"
KILL = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and query like '%facts_merged%' and state <> 'idle'
"""


@pytest.fixture(scope="module")
def log() -> list[make.Event]:
    """One log for all tests: they do not change it."""
    return mixed_logs.shuffled_year(2_000)


@pytest.fixture
async def pool(postgres: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[asyncpg.Pool]:
    """A fresh database; merging it takes many slices."""
    monkeypatch.setattr(merging, "ROWS", 100)
    async with opened(postgres, "metrics", 6) as found:
        await repository.positions(found, [AT])
        yield found


def merger() -> Merger:
    """What keeps sixty days."""
    return Merger(KEPT_DAYS, Clock(ZONE, read=lambda: NOW))


async def old_and_new(pool: asyncpg.Pool, log: list[make.Event]) -> None:
    """Most of a log taken in long ago, in many batches, the rest lately."""
    await take_in(pool, log[:1_500], 100)
    await pool.execute("update batches set at = $1::timestamptz + seq * interval '1 second'", LONG_AGO)
    await merging.close(pool, NOW)
    await take_in(pool, log[1_500:], 100)
    await pool.execute("update batches set at = $2 where at > $1", LONG_AGO + timedelta(days=1), LATELY)


async def period_of(pool: asyncpg.Pool) -> Period:
    """The one that is ripe."""
    found = await merging.ripe(pool, NOW - timedelta(days=KEPT_DAYS))
    assert found
    return found


async def test_rows_get_fewer_and_sums_stay(pool: asyncpg.Pool, log: list[make.Event]):
    """Of a cell, a measure and a day one row is left of what is old; what is new stays as it came."""
    await old_and_new(pool, log)
    sums, rows = await pool.fetch(SUMS), await pool.fetchval(ROWS)
    new = await pool.fetchval("select count(*) from facts join batches on id = batch where at = $1", LATELY)
    await merger().some(pool)
    assert await pool.fetch(SUMS) == sums
    assert await pool.fetchval(ROWS) < rows
    assert await pool.fetchval("select count(*) from facts where batch > 0") == new
    assert not await pool.fetch("select from facts where batch = 0 group by cell, measure, day having count(*) > 1")
    assert not await pool.fetch("select from facts where batch = 0 and delta = 0")
    assert await pool.fetchval("select count(*) from periods") == 1


async def test_a_second_period_is_merged_into_the_first(pool: asyncpg.Pool, log: list[make.Event]):
    """What meets in a place is one row again, and the moment before which nothing is known moves on."""
    await old_and_new(pool, log)
    await merger().some(pool)
    sums = await pool.fetch(SUMS)
    await merging.close(pool, NOW)
    await merging.merge(pool, await _latest(pool))
    assert await pool.fetch(SUMS) == sums
    assert not await pool.fetch("select from facts group by cell, measure, day having count(*) > 1")
    assert await pool.fetchval(sql.FORGOTTEN) == LATELY
    await take_in(pool, log[:50])  # seen before: nothing changes
    assert await pool.fetch(SUMS) == sums


async def _latest(pool: asyncpg.Pool) -> Period:
    found = await merging.ripe(pool, NOW)
    assert found
    return found


async def test_a_crash_at_every_step_goes_on(
    pool: asyncpg.Pool, log: list[make.Event], monkeypatch: pytest.MonkeyPatch
):
    """Whatever was committed before it, the same merging again ends with the same sums."""
    await old_and_new(pool, log)
    sums, whole = await pool.fetch(SUMS), merging._slice
    for steps in range(0, 12, 3):
        left = iter(range(steps))

        async def cut_off(*args: object, _left: object = left) -> object:
            if next(_left, None) is None:  # type: ignore[call-overload]
                raise ConnectionError("gone")
            return await whole(*args)  # type: ignore[arg-type]

        monkeypatch.setattr(merging, "_slice", cut_off)
        with pytest.raises(ConnectionError):
            await merger().some(pool)
        assert await pool.fetch(SUMS) == sums
        assert await pool.fetchval("select count(*) from periods") == 2
    monkeypatch.setattr(merging, "_slice", whole)
    await merger().some(pool)
    assert await pool.fetch(SUMS) == sums
    assert await pool.fetchval("select count(*) from periods") == 1


async def test_sessions_that_are_killed_lose_nothing(pool: asyncpg.Pool, postgres: str, log: list[make.Event]):
    """PostgreSQL ends whoever merges, wherever that is; in the end all is merged, and the sums are the same."""
    await old_and_new(pool, log)
    sums, ended = await pool.fetch(SUMS), 0
    async with opened(postgres, "metrics", 1) as killer:
        for after in range(10):
            async with opened(postgres, "metrics", 1) as merging_pool:
                task = asyncio.ensure_future(merger().some(merging_pool))
                for _ in range(after):
                    await killer.fetch("select 1")
                while not task.done() and not await killer.fetch(KILL):
                    pass
                try:
                    await task
                except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                    ended += 1
                assert await pool.fetch(SUMS) == sums
    assert ended
    await merger().some(pool)
    assert await pool.fetch(SUMS) == sums
    assert await pool.fetchval("select count(*) from periods") == 1


async def test_whoever_reads_meanwhile_sees_every_sum(pool: asyncpg.Pool, log: list[make.Event]):
    """A fact leaves one partition and enters another at once."""
    await old_and_new(pool, log)
    sums, merging_all = await pool.fetch(SUMS), asyncio.ensure_future(merger().some(pool))
    looks = 0
    while not merging_all.done():
        assert await pool.fetch(SUMS) == sums
        looks += 1
    await merging_all
    assert looks > 1


class Overheard:
    """A pool that counts how often it is asked whether somebody may still read what is emptied."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Not asked yet."""
        self._pool, self.asked = pool, 0

    def __getattr__(self, name: str) -> object:
        """As the pool does."""
        return getattr(self._pool, name)

    async def fetchval(self, query: str, *arguments: object) -> object:
        """As the pool does, and count."""
        found = await self._pool.fetchval(query, *arguments)
        self.asked += query == sql.BEGUN_BEFORE
        return found


async def test_who_began_to_read_before_reads_to_the_end(pool: asyncpg.Pool, log: list[make.Event]):
    """A transaction that saw the ledger before it was merged, and has not come to its facts yet, finds them all."""
    await old_and_new(pool, log)
    sums, overheard = await pool.fetch(SUMS), Overheard(pool)
    async with pool.acquire() as reader:
        async with reader.transaction(isolation="repeatable_read", readonly=True):
            await reader.fetch("select from batches")
            merging_all = asyncio.ensure_future(merger().some(overheard))  # type: ignore[arg-type]
            await until(lambda: overheard.asked > 1 or merging_all.done(), "all facts to be moved")
            assert await reader.fetch(SUMS) == sums
        await merging_all
        assert await reader.fetch(SUMS) == sums
    assert await pool.fetchval("select count(*) from periods") == 1


async def test_events_are_taken_in_meanwhile(pool: asyncpg.Pool, log: list[make.Event]):
    """Neither waits for the other, and what comes of both is what comes of the log."""
    await old_and_new(pool, log[:1_800])
    await asyncio.gather(merger().some(pool), take_in(pool, log[1_800:], 10))
    sums = await pool.fetch(SUMS)
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("delete from facts; delete from batches; delete from parts; delete from units")
        await connection.execute(
            "delete from anomalies; delete from coverage; update offsets set next = 0, digest = null"
        )
    await take_in(pool, log, 500)
    assert await pool.fetch(SUMS) == sums


async def test_nobody_merges_while_the_ledger_is_remade(pool: asyncpg.Pool, log: list[make.Event]):
    """The rules of another release take back what they find."""
    await old_and_new(pool, log)
    async with pool.acquire() as connection:
        await connection.execute(HOLD_LEDGER)
        with pytest.raises(BusyError):
            await merging.merge(pool, await period_of(pool))
        await connection.execute(LET_LEDGER_GO)


async def test_one_replica_merges(pool: asyncpg.Pool, log: list[make.Event]):
    """The other finds that and comes again."""
    await old_and_new(pool, log)
    async with pool.acquire() as connection, connection.transaction():
        await connection.fetchval(sql.ONE_MERGES)
        with pytest.raises(BusyError):
            await merger().some(pool)


async def test_a_sum_past_the_range_is_several_rows(pool: asyncpg.Pool, log: list[make.Event]):
    """64 bits hold none of the sums that are made of these."""
    await take_in(pool, log[:200])
    most = [(1, 1, 105, 738_000, amount) for amount in (2**62, 2**62, 2**62, 5)]
    await pool.executemany("insert into facts values ($1, $2, $3, $4, $5)", most)
    await pool.execute("update batches set at = $1", LONG_AGO)
    sums = await pool.fetch(SUMS)
    await merging.close(pool, NOW)
    await merger().some(pool)
    assert await pool.fetch(SUMS) == sums


async def test_nothing_is_merged_that_somebody_may_still_count_as_new(pool: asyncpg.Pool, log: list[make.Event]):
    """What was told of health goes by snapshots: a period that has more than was told waits."""
    await old_and_new(pool, log)
    early = await pool.fetchval("select tx::text from batches order by id limit 1")
    await pool.execute("insert into told (snapshot, number) values ($1, 1)", f"{early}:{early}:")
    assert await merging.ripe(pool, NOW) is None


async def test_without_the_setting_everything_stays_known(pool: asyncpg.Pool, log: list[make.Event]):
    """All: nothing is closed, nothing merged."""
    await old_and_new(pool, log)
    rows = await pool.fetchval(ROWS)
    await Merger("all", Clock(ZONE, read=lambda: NOW)).some(pool)
    assert await pool.fetchval(ROWS) == rows


async def test_periods_are_closed_as_time_passes(pool: asyncpg.Pool, log: list[make.Event]):
    """A quarter of what is kept after their first batch, and not before."""
    await take_in(pool, log[:100])
    await pool.execute("update batches set at = $1", NOW - timedelta(days=14))
    await merger().some(pool)
    assert await pool.fetchval("select count(*) from periods") == 1
    await pool.execute("update batches set at = $1", NOW - timedelta(days=16))
    await merger().some(pool)
    assert await pool.fetchval("select count(*) from periods") == 2
    await merger().some(pool)  # nothing has been added since
    assert await pool.fetchval("select count(*) from periods") == 2


async def test_causes_and_batches_go_with_the_facts(pool: asyncpg.Pool, log: list[make.Event]):
    """What tells of when and why is of no use any more; the units and sources that batches told of stay."""
    await old_and_new(pool, log)
    units, known = await ledger_of(pool)
    await merger().some(pool)
    period = await pool.fetchval("select first from periods")
    assert not await pool.fetchval("select count(*) from causes where batch < $1", period)
    assert await pool.fetchval("select count(*) from causes where batch >= $1", period)
    assert await ledger_of(pool) == (units, known)


async def ledger_of(pool: asyncpg.Pool) -> tuple[object, object]:
    """Units, and since when is known what, by the batches that told of them."""
    async with pool.acquire() as connection:
        return (
            await connection.fetch("select ref, id, at from units join batches on id = batch order by 1, 2"),
            await connection.fetch("select source, type, unit, first, id from coverage join batches on id = batch"),
        )


WEEKS = {"from": "2023-01-01", "to": str(TODAY), "step": "month", "unit": "*"}


async def _series(asked: Asking, **more: str) -> object:
    answer = await asked.ask("/v1/series", **WEEKS | more)
    assert answer.is_success, answer.text
    return answer.json()["groups"]


async def _merge(asked: Asking, forgotten: datetime = LONG_AGO) -> None:
    await asked.pool.execute("update batches set at = $1", forgotten)
    await merging.close(asked.pool, NOW)
    await merger().some(asked.pool)
    assert await asked.pool.fetchval("select count(*) from facts where batch = 0")


async def test_no_answer_differs(postgres: str, log: list[make.Event]):
    """Every metric of every unit and of health, at the end of each month, as known now and as known since."""
    async with asking(postgres, log) as asked:
        now, by_unit = await _series(asked), (await asked.ask("/v1/metrics")).json()["groups"]
        then = await _series(asked, known_at="2024-06-01T00:00:00Z", metrics="headcount,leaver_rate_own_request")
        await _merge(asked)
        assert await _series(asked) == now
        assert (await asked.ask("/v1/metrics")).json()["groups"] == by_unit
        await asked.pool.execute("update batches set at = $1 where id > 0", LONG_AGO)
        known = await _series(asked, known_at="2024-06-01T00:00:00Z", metrics="headcount,leaver_rate_own_request")
        assert known == await _series(asked, metrics="headcount,leaver_rate_own_request")
        assert then  # before it was taken in, by the clock of the test


async def test_what_was_known_before_is_refused(postgres: str):
    """The sentence says since when can be asked, in Swedish and in English; so it is of revisions."""
    async with asking(postgres, [make.employment_started("a", "2023-02-01", "u")]) as asked:
        await _merge(asked)
        for path, question in (
            ("/v1/metrics", {"known_at": "2024-01-15T11:59:59Z"}),
            ("/v1/series", {"known_at": "2024-01-15T11:59:59Z", "from": "2023-01-01", "to": "2023-12-31"}),
            ("/v1/revisions", {"metric": "headcount", "from": "2024-01-10", "to": "2024-01-20"}),
        ):
            answer = await asked.ask(path, **question)
            assert (answer.status_code, answer.json()["reason"]) == (400, "forgotten"), path
            assert "vad som var känt tidigare än 2024-01-15T12:00:00+00:00" in answer.json()["detail"]
            assert "before 2024-01-15T12:00:00+00:00" in answer.json()["detail"]
        assert (await asked.ask("/v1/metrics", known_at="2024-01-15T12:00:00Z")).is_success
        later = {"metric": "headcount", "from": "2024-01-15", "to": "2024-01-20"}
        assert (await asked.ask("/v1/revisions", **later)).is_success


async def test_what_is_merged_counts_as_a_load(postgres: str):
    """As known on each day: what was taken in by then is known on the day that it is about, as on a first day."""
    question = {"metric": "headcount", "unit": "u", "from": "2024-01-01", "to": "2024-06-25"}
    events = [make.employment_started(one, "2023-02-01", "u") for one in "ab"]
    async with asking(postgres, events) as asked:
        await asked.ledger.take(make.employment_ended("a", "2024-01-09"))
        await asked.ledger.tell(TODAY)
        await _merge(asked)
        await asked.ledger.take(make.employment_started("c", "2024-03-01", "u"))
        await asked.pool.execute(
            "update batches set at = $1 where id > 0 and seq = (select max(seq) from batches)", LATELY
        )
        found = (await asked.ask("/v1/as-known", **question)).json()
        assert found["loaded"] == "2024-01-15"
        told = {(one["known"], one["as_of"]): one["value"]["value"] for one in found["values"]}
        assert told["2024-01-01", "2024-01-01"] == 2
        assert told["2024-01-10", "2024-01-10"] == 1
        assert told["2024-06-20", "2024-06-20"] == 2


async def test_who_has_not_looked_for_long_reads_anew(pool: asyncpg.Pool, log: list[make.Event]):
    """A mark from before a merged batch cannot tell what of it is new: neither a book nor sums by it are wrong."""
    await take_in(pool, log[:500])
    async with pool.acquire() as connection:
        keeper, follows = Keeper(connection, 365, 150.0), Following(frozenset({int(Measure.headcount)}), lambda _: None)
        await keeper.make(TODAY.toordinal())
        await _follow(connection, follows, 1)
        await take_in(pool, log[500:1_000])
        await pool.execute("update batches set at = $1", LONG_AGO)
        await merging.close(pool, NOW)
        await merger().some(pool)
        await keeper.look(TODAY.toordinal())
        anew = Keeper(connection, 365, 150.0)
        await anew.make(TODAY.toordinal())
        assert _values(keeper.book) == _values(anew.book)
        await _follow(connection, follows, 2)
        with pytest.raises(OutdatedError):
            follows.take_in(2)


async def _follow(connection: asyncpg.Connection, follows: Following, number: int) -> None:
    """All that is committed is told of."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        await follows.look(connection, Watermark(await ledger.mark(connection), number, []))


def _values(book: Book) -> object:
    """What is published of a book that nothing was published of."""
    return {(one.group, one.as_of): one.metrics for some in book.changed() for one in some}


async def test_a_new_ledger_is_told_of_as_ever(postgres: str):
    """Where nothing was merged there is no batch of that number."""
    async with opened(postgres, "metrics", 2) as pool:
        await Ledger(pool).take(make.employment_started("a", "2023-02-01", "u"))
        assert await pool.fetchval("select min(id) from batches") == 1
