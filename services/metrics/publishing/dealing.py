"""Dealing shards to replicas by locks of PostgreSQL: each takes as many as come on it, and another's once that is gone.

Whoever is there holds one lock together with all others, so that their number is known, and that of shards is changed
by nobody while any of them is there. A shard's lock is held by one alone.
"""

import asyncio
from asyncio import Task
from collections.abc import Awaitable, Callable
from math import ceil

import asyncpg
import structlog

from services.metrics.domain.sums.shard import Shard
from services.metrics.ledger import dealing_statements as sql
from services.metrics.ledger import term
from shared.kit.leadership import LAPSE, LOCK, SIGN_SECONDS

log = structlog.get_logger()

LEADS = "stadga.metrics.evaluator"
THERE = "stadga.metrics.replicas"

PASS_SECONDS = SIGN_SECONDS / 2
"""Between looks at who is there. One shard is taken at a look, so that replicas that begin together share them."""


class Dealer:
    """The shards of one replica."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        shards: int,
        work: Callable[[Shard], Awaitable[None]],
        looked: Callable[[int, str | None], None],
    ) -> None:
        """``work`` is done on each shard for as long as this replica holds it, and cancelled then.

        ``looked`` is told now and then how many shards this one holds, and what keeps it from holding any.
        """
        self._pool, self._shards, self._work, self._looked = pool, shards, work, looked
        self._held: dict[int, Task[None]] = {}

    async def deal(self) -> None:
        """Take shards, and give up those that are for others, until cancelled; raises what ends any of the work."""
        async with self._pool.acquire() as guard:
            await self._agree(guard)
            await guard.execute(LAPSE)
            try:
                while True:
                    await self._share(guard)
                    self._looked(len(self._held), None)
                    await self._wait()
            finally:
                await self._end(list(self._held))

    async def _agree(self, guard: asyncpg.Connection) -> None:
        """Wait until the units are dealt to so many shards as this replica is set to, and be there."""
        while not await self._joined(guard):
            dealt = await term.shards(guard)
            self._looked(
                0, f"the units are dealt to {dealt} shards by replicas that are running, here to {self._shards}"
            )
            await asyncio.sleep(PASS_SECONDS)

    async def _joined(self, guard: asyncpg.Connection) -> bool:
        if await term.shards(guard) == self._shards:
            await guard.execute(sql.JOIN, THERE)
            if await term.shards(guard) == self._shards:
                return True
            await guard.execute(sql.LEAVE, THERE)
        elif await guard.fetchval(sql.ALONE, THERE):
            if await term.shards(guard) != self._shards:
                await term.deal(guard, self._shards)
                log.info("units are dealt anew", shards=self._shards)
            await guard.execute(sql.JOIN, THERE)
            await guard.execute(sql.ALONE_NO_MORE, THERE)
            return True
        return False

    async def _share(self, guard: asyncpg.Connection) -> None:
        """Give up what is too many for this replica; if it has too few, take one that nobody has."""
        most = ceil(self._shards / max(1, await guard.fetchval(sql.REPLICAS, THERE)))
        for number in sorted(self._held)[most:]:
            await self._end([number])
            await guard.execute(sql.GIVE_UP, _lock(number))
        if len(self._held) < most:
            await self._take(guard)

    async def _take(self, guard: asyncpg.Connection) -> None:
        for number in range(self._shards):
            if number not in self._held and await guard.fetchval(LOCK, _lock(number)):
                self._held[number] = asyncio.ensure_future(self._work(Shard(number, self._shards)))
                return

    async def _wait(self) -> None:
        if not self._held:
            await asyncio.sleep(PASS_SECONDS)
            return
        done, _ = await asyncio.wait(self._held.values(), timeout=PASS_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for one in done:
            one.result()

    async def _end(self, numbers: list[int]) -> None:
        ended = [self._held.pop(number) for number in numbers]
        for one in ended:
            one.cancel()
        if ended:
            await asyncio.wait(ended)


def _lock(number: int) -> str:
    """The name of a shard's lock; that of the first is the one there was before there were others."""
    return f"{LEADS}.{number}" if number else LEADS
