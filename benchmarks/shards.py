"""(o) Units dealt to shards: what each replica spends on its share, from nothing to all values published."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import asyncpg

from benchmarks.rig import POLL_SECONDS, rig
from benchmarks.town import Town, settle
from cli.local.stack import Stack, ports

TOWN = Town(units=600, people=6_000, years=3, last=date(2025, 12, 31))
COUNTS = (1, 2, 4)
TICKS = os.sysconf("SC_CLK_TCK")
PUBLISHED = """
select count(*) = $1 and min(seq) = (select max(seq) from metrics.batches)
    and min(telling) = (select number from metrics.told) from metrics.publications
"""
NOTHING_PUBLISHED = "update metrics.publications set seq = 0, telling = 0"


class Spent(NamedTuple):
    """Processor time of a replica in seconds, and the most memory it ever held in MiB."""

    processor: float
    memory: float


class Shared(NamedTuple):
    """Seconds until all values were published, by as many replicas as there are shards; what each spent."""

    seconds: float
    spent: Sequence[Spent]


async def measure() -> dict[int, Shared]:
    """The same ledger, dealt to more and more shards; health was told of before."""
    async with rig(STADGA_TODAY=TOWN.last.isoformat(), STADGA_HEALTH_SETTLE_SECONDS="0") as stack:
        await settle(stack, TOWN)
        await _published(stack, 1)
        return {count: await _published(stack, count) for count in COUNTS}


async def _published(stack: Stack, count: int) -> Shared:
    connection = await asyncpg.connect(stack.database_url)
    try:
        await connection.execute(NOTHING_PUBLISHED)
        async with AsyncExitStack() as replicas:
            began = perf_counter()
            found = [await replicas.enter_async_context(_replica(stack, count, n)) for n in range(count)]
            while not await connection.fetchval(PUBLISHED, count):
                await asyncio.sleep(POLL_SECONDS)
            return Shared(perf_counter() - began, [_spent(one) for one in found])
    finally:
        await connection.close()


@asynccontextmanager
async def _replica(stack: Stack, shards: int, number: int) -> AsyncIterator[int]:
    """The number of the process of one."""
    port = ports.choose({"metrics": 0}, {})["metrics"]
    environment = {**os.environ, **stack.environment()} | {
        "STADGA_METRICS_PORT": str(port),
        "STADGA_SHARDS": str(shards),
    }
    with stack.log(f"shards-{shards}-{number}").open("wb") as log_file:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.metrics", env=environment, stderr=log_file
        )
    try:
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


def _spent(pid: int) -> Spent:
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    peak = next(line for line in status if line.startswith("VmHWM")).split()[1]
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return Spent((int(user) + int(system)) / TICKS, int(peak) / 1024)
