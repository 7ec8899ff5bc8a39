"""(n) A first load: the same log taken in as a stream and loaded whole, each by one service with a database of its own.

Seconds are those from the start of the process to the commit of the last event. Both ledgers have to be the same.
"""

import asyncio
import os
import resource
import sys
from datetime import timedelta
from time import perf_counter
from typing import NamedTuple

import asyncpg

from benchmarks import replay
from benchmarks.rig import POLL_SECONDS, put, rig
from cli.local.stack import Stack, migrations, ports
from cli.simulation.log import simulate

WAYS = {"stream": "0", "whole": "5000"}
"""From how many messages on a partition is loaded whole: never, and with all that this log has."""
HERE = """
select (select md5(string_agg(fact::text, '' order by fact::text)) from (
        select unit, occupation, gender, age, measure, day, sum(delta)
        from metrics.facts join metrics.cells on id = cell
        group by 1, 2, 3, 4, 5, 6 having sum(delta) <> 0) fact) as facts,
    (select md5(string_agg(md5(subject || key || section || lo || hi), '' order by subject, key)) from metrics.parts)
        as records,
    (select string_agg(part || ' ' || next || ' ' || digest, ', ' order by part) from metrics.offsets) as positions
"""


class Taken(NamedTuple):
    """Seconds that a log took, processor time of the service and what it starts, and what came of the log."""

    seconds: float
    processor: float
    ledger: tuple[str, ...]


class FirstLoad(NamedTuple):
    """The same log both ways."""

    events: int
    stream: Taken
    whole: Taken


async def measure() -> FirstLoad:
    """Take a log in both ways, one after the other."""
    first = replay.LAST - timedelta(days=replay.DAYS)
    async with rig() as stack:
        log = simulate(1, replay.PEOPLE, replay.UNITS, first=first, last=replay.LAST, hostility=0.1)
        events = await put(stack, log)
        stream, whole = [await _taken(stack, way, events) for way in WAYS]
    if stream.ledger != whole.ledger:
        raise AssertionError("a log that is loaded whole comes to something else")
    return FirstLoad(events, stream, whole)


async def _taken(stack: Stack, way: str, events: int) -> Taken:
    before = processor()
    seconds = await run(stack, way, events)
    connection = await asyncpg.connect(database(stack, way))
    try:
        return Taken(seconds, processor() - before, tuple(await connection.fetchrow(HERE)))
    finally:
        await connection.close()


async def run(stack: Stack, way: str, events: int) -> float:
    """Take a log in one of ``WAYS``, into a database of its own: seconds until all is committed; it has ended then."""
    url = await create(stack, database(stack, way))
    connection = await asyncpg.connect(url)
    began = perf_counter()
    with stack.log(way).open("wb") as log_file:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.metrics", env=environment(stack, way, url, WAYS[way]), stderr=log_file
        )
    try:
        while await connection.fetchval("select coalesce(sum(next), 0) from metrics.offsets") < events:
            await asyncio.sleep(POLL_SECONDS)
        return perf_counter() - began
    finally:
        process.terminate()
        await process.wait()
        await connection.close()


def processor() -> float:
    """Seconds of processor time of what has ended, with all that it started."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def database(stack: Stack, way: str) -> str:
    """Where what is taken in that way goes."""
    return f"{stack.database_url.rpartition('/')[0]}/first_load_{way}"


async def create(stack: Stack, url: str) -> str:
    """Make a database on the stack's server, migrated; its address."""
    connection = await asyncpg.connect(stack.database_url)
    await connection.execute(f"create database {url.rpartition('/')[2]}")
    await connection.close()
    await migrations.migrate(url)
    return url


def environment(stack: Stack, group: str, url: str, load: str) -> dict[str, str]:
    """What a metrics process sees that reads the stack's log in a group of its own, into its own database."""
    return {
        **os.environ,
        **stack.environment(),
        "DATABASE_URL": url,
        "STADGA_LOAD": load,
        "STADGA_GROUP": group,
        "STADGA_METRICS_PORT": str(ports.choose({"metrics": 0}, {})["metrics"]),
        "STADGA_TODAY": replay.LAST.isoformat(),
    }
