"""(n) A first load: the same log taken in as a stream and loaded whole, each by one service on a database of its own.

Seconds are those from the start of the process to the commit of the last event; starting itself is in them.
"""

import asyncio
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import asyncpg

from benchmarks import replay
from benchmarks.rig import POLL_SECONDS, put, rig
from cli.local.stack import Stack, migrations, ports
from cli.simulation.log import simulate

WAYS = {"stream": "0", "whole": "1000"}
RECORDS = "select md5(string_agg(md5(subject || key || section || lo || hi), '' order by subject, key)) from metrics.parts"
FACTS = """
select md5(string_agg(fact::text, '' order by fact::text)) from (
    select unit, occupation, gender, age, measure, day, sum(delta) from metrics.facts join metrics.cells on id = cell
    group by 1, 2, 3, 4, 5, 6 having sum(delta) <> 0) fact
"""
POSITIONS = "select string_agg(offsets::text, ' ' order by part) from metrics.offsets"


class Taken(NamedTuple):
    """Seconds that a log took, those of the service's processes at work, and what came of it."""

    seconds: float
    processor: float
    memory: float
    ledger: tuple[str, ...]


class FirstLoad(NamedTuple):
    """The same log both ways."""

    events: int
    stream: Taken
    whole: Taken


async def measure() -> FirstLoad:
    """Take a log in both ways, one after the other."""
    async with rig(STADGA_TODAY=replay.LAST.isoformat()) as stack:
        first = replay.LAST - timedelta(days=replay.DAYS)
        log = simulate(1, replay.PEOPLE, replay.UNITS, first=first, last=replay.LAST, hostility=0.1)
        events = await put(stack, log)
        found = {way: await _taken(stack, way, events) for way in WAYS}
        assert found["stream"].ledger == found["whole"].ledger, "the two ledgers differ"
        return FirstLoad(events, found["stream"], found["whole"])


async def _taken(stack: Stack, way: str, events: int) -> Taken:
    connection = await asyncpg.connect(stack.database_url)
    await connection.execute(f"create database first_load_{way}")
    await connection.close()
    url = f"{stack.database_url.rsplit('/', 1)[0]}/first_load_{way}"
    await migrations.migrate(url)
    settings = {
        "DATABASE_URL": url,
        "KAFKA_BOOTSTRAP_SERVERS": stack.kafka_bootstrap_servers,
        "STADGA_LOAD": WAYS[way],
        "STADGA_GROUP": f"first-load-{way}",
        "STADGA_METRICS_PORT": str(ports.choose({"metrics": 0}, {})["metrics"]),
        "STADGA_TODAY": replay.LAST.isoformat(),
    }
    connection = await asyncpg.connect(url)
    log_file = Path(stack.home / f"{way}.log").open("wb")
    began = perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "services.metrics"], env=os.environ | settings, stderr=log_file)
    try:
        while await connection.fetchval("select coalesce(sum(next), 0) from metrics.offsets") < events:
            await asyncio.sleep(POLL_SECONDS)
        seconds = perf_counter() - began
        ledger = [str(await connection.fetchval(query)) for query in (FACTS, RECORDS, POSITIONS)]
    finally:
        process.terminate()
        _, _, usage = await asyncio.to_thread(os.wait4, process.pid, 0)
        sys.stderr.write(Path(stack.home / f"{way}.log").read_text())
        await connection.close()
    return Taken(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, tuple(ledger))
