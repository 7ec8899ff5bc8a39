"""(h) A Prometheus scrape of every unit, and what it does to the folding of events meanwhile."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import date
from time import perf_counter
from typing import NamedTuple

import asyncpg
import httpx

from benchmarks.changes import someone
from benchmarks.rig import put
from benchmarks.timing import Spread, spread
from cli.local.stack import Stack

SCRAPES, EVENTS = 50, 50
POLL_SECONDS = 0.005
COMMITTED = "select coalesce(sum(next), 0)::bigint from metrics.offsets"


class Scraped(NamedTuple):
    """How long a scrape takes and how large it is (MiB); from event to commit, without scrapes and with them."""

    scrape: Spread
    size: float
    quiet: Spread
    busy: Spread


async def measure(stack: Stack, today: date) -> Scraped:
    """Scrape again and again, first by itself, then while single events are put on ``hr.events``."""
    quiet = await _delays(stack, today, turn=101)
    async with httpx.AsyncClient(timeout=120) as client:
        times, size = [], 0
        for _ in range(SCRAPES):
            began = perf_counter()
            size = len((await client.get(f"{stack.address('metrics')}/metrics")).content)
            times.append(perf_counter() - began)
        async with _scraping(client, stack):
            busy = await _delays(stack, today, turn=102)
    return Scraped(spread(times), size / 2**20, quiet, busy)


@contextlib.asynccontextmanager
async def _scraping(client: httpx.AsyncClient, stack: Stack) -> AsyncIterator[None]:
    """One scrape after another, as no Prometheus would."""

    async def _on_and_on() -> None:
        while True:
            await client.get(f"{stack.address('metrics')}/metrics")

    task = asyncio.create_task(_on_and_on())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _delays(stack: Stack, today: date, turn: int) -> Spread:
    """From an event on the topic to its commit, one at a time."""
    connection = await asyncpg.connect(stack.database_url)
    try:
        done = await connection.fetchval(COMMITTED)
        times = []
        for n in range(EVENTS):
            await put(stack, [someone(n, today, turn)])
            began = perf_counter()
            while await connection.fetchval(COMMITTED) <= done + n:
                await asyncio.sleep(POLL_SECONDS)
            times.append(perf_counter() - began)
        return spread(times)
    finally:
        await connection.close()
