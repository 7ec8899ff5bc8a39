"""(p) Facts by period of taking in: what partitions cost, and what merging old ones takes beside a writer.

The same facts lie in one table and in partitions by batch. Merging is measured on a log that the service took in.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import perf_counter
from typing import NamedTuple

import asyncpg

from benchmarks.rig import committed, put, rig
from benchmarks.timing import Spread, spread
from benchmarks.town import Town, settle
from cli.simulation.log import simulate
from services.metrics.intake import repository
from services.metrics.ledger import merging
from services.metrics.ledger import statements as sql
from shared.kit.database import pool

TOWN = Town(units=1_000, people=10_000, years=10, last=date(2025, 12, 31))
PERIODS = (0, 1, 5, 20)
"""Into how many partitions the facts are cut; 0: one table."""
QUESTIONS = 200
COLUMNS = "batch bigint not null, cell int not null, measure smallint not null, day int not null, delta bigint not null"
UNIT = "select measure, day, sum(delta) from trial where cell = any($1) group by 1, 2"
LATEST = "select cell, measure, day, delta from trial where batch = any($1)"
PEOPLE, UNITS, YEARS = 1_000, 30, 3
HASHED = (0, 8, 0, 8)
"""Into how many partitions parts are cut, in turn."""
WRITES, PAUSE_SECONDS = 300, 0.01
LONGEST = """
select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::float8 from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and query like '%facts_merged%'
"""
NOTE = "insert into facts select $1, n % 400 + 1, 1, 738000 + n, 1 from generate_series(1, 100) n"


class Cut(NamedTuple):
    """Facts in so many partitions: added a second; a unit's sums and the facts of a batch, ms; all facts summed, s."""

    periods: int
    added: float
    unit: float
    batch: float
    everything: float


class Hashed(NamedTuple):
    """Parts in so many partitions by hash of the subject: added a second; those of a batch of subjects by key, ms."""

    partitions: int
    added: float
    read: float


class Merged(NamedTuple):
    """Facts before and after, seconds, the longest transaction, and writes without and beside merging."""

    before: int
    after: int
    seconds: float
    longest: float
    alone: Spread
    beside: Spread
    parts: list[Hashed]


async def cuts(town: Town = TOWN) -> list[Cut]:
    """The same facts in more and more partitions."""
    async with rig(STADGA_TODAY=town.last.isoformat()) as stack:
        await settle(stack, town)
        async with pool(stack.database_url, "metrics", 1) as opened, opened.acquire() as connection:
            return [await _cut(connection, periods) for periods in PERIODS]


async def _cut(connection: asyncpg.Connection, periods: int) -> Cut:
    await connection.execute(f"create table trial ({COLUMNS}) {'partition by range (batch)' if periods else ''}")
    last = await connection.fetchval("select max(batch) from facts")
    for n in range(periods):
        ends = last * (n + 1) // periods + 1 if n < periods - 1 else "maxvalue"
        begins = last * n // periods + 1 if n else "minvalue"
        await connection.execute(f"create table trial_{n} partition of trial for values from ({begins}) to ({ends})")
    await connection.execute("create index trial_cell on trial (cell, measure)")
    await connection.execute("create index trial_batch on trial using brin (batch) with (pages_per_range = 8)")
    adding, facts = (
        await _time(connection, "insert into trial select * from facts"),
        await connection.fetchval("select count(*) from trial"),
    )
    await connection.execute("vacuum analyze trial")  # which summarises the index by ranges, as autovacuum does
    cells = [[n * 7 + k for k in range(10)] for n in range(1, QUESTIONS + 1)]
    unit = median([await _time(connection, UNIT, some) for some in cells])
    batch = median([await _time(connection, LATEST, [last - n % 4]) for n in range(QUESTIONS)])
    everything = await _time(connection, "select cell, measure, day, sum(delta) from trial group by 1, 2, 3 offset 9e9")
    await connection.execute("drop table trial")
    return Cut(periods, facts / adding, unit * 1e3, batch * 1e3, everything)


async def _time(connection: asyncpg.Connection, query: str, *arguments: object) -> float:
    began = perf_counter()
    await connection.fetch(query, *arguments)
    return perf_counter() - began


async def merge(people: int = PEOPLE, units: int = UNITS, years: int = YEARS) -> Merged:
    """A log of some years, taken in by the service in its usual batches, then merged whole."""
    last = date(2025, 12, 31)
    async with rig(STADGA_TODAY=last.isoformat()) as stack:
        log = simulate(5, people, units, first=last - timedelta(days=365 * years), last=last, hostility=0.1)
        events = await put(stack, log)
        await stack.start(["metrics"])
        await committed(stack, events)
        stack.kill("metrics")
        async with pool(stack.database_url, "metrics", 4) as opened:
            await opened.execute("delete from told")
            alone = await _writes(opened)
            before = await opened.fetchval("select count(*) from facts")
            now = datetime.now(UTC)
            await merging.close(opened, now)
            period = await merging.ripe(opened, now + timedelta(seconds=1))
            if period is None:
                raise AssertionError("nothing is ripe: a transaction of somebody else is open")
            began = perf_counter()
            async with _watched(opened) as longest:
                writing = asyncio.gather(_writes(opened))
                await merging.merge(opened, period)
                seconds = perf_counter() - began
                (beside,) = await writing
            after = await opened.fetchval("select count(*) from facts where batch = 0")
            async with opened.acquire() as connection:
                parts = [await _hashed(connection, partitions) for partitions in HASHED]
            return Merged(before, after, seconds, max(longest), alone, beside, parts)


async def _hashed(connection: asyncpg.Connection, partitions: int) -> Hashed:
    by_hash = "partition by hash (subject)" if partitions else ""
    await connection.execute(f"create table trial (like parts, primary key (subject, key)) {by_hash}")
    for n in range(partitions):
        await connection.execute(
            f"create table trial_{n} partition of trial for values with (modulus {partitions}, remainder {n})"
        )
    added = await _time(connection, "insert into trial select * from parts order by random()")
    await connection.execute("vacuum analyze trial")
    keys = await connection.fetch("select subject, key from parts order by random() limit 5000")
    columns = list(range(len(keys))), [row[0] for row in keys], [row[1] for row in keys]
    by_key = sql.BY_KEY.replace("from parts", "from trial")
    read = median([await _time(connection, by_key, *columns) for _ in range(10)])
    count = await connection.fetchval("select count(*) from trial")
    await connection.execute("drop table trial")
    return Hashed(partitions, count / added, read * 1e3)


async def _writes(opened: asyncpg.Pool) -> Spread:
    """A hundred facts in a transaction of their own, again and again."""
    times = []
    for _ in range(WRITES):
        began = perf_counter()
        async with opened.acquire() as connection, connection.transaction():
            batch = await repository.begin(connection)
            await connection.execute(NOTE, batch)
            await repository.end(connection, batch, 1, 100)
        times.append(perf_counter() - began)
        await asyncio.sleep(PAUSE_SECONDS)
    return spread(times)


@asynccontextmanager
async def _watched(opened: asyncpg.Pool) -> AsyncIterator[list[float]]:
    """Seconds for which transactions of merging have been open, looked at many times a second."""
    found, over = [0.0], asyncio.Event()

    async def look() -> None:
        async with opened.acquire() as connection:
            while not over.is_set():
                found.append(await connection.fetchval(LONGEST))
                await asyncio.sleep(PAUSE_SECONDS)

    looking = asyncio.gather(look())
    try:
        yield found
    finally:
        over.set()
        await looking
