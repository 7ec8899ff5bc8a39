"""Merging facts in the background, as old as nobody may ask what was known before; one replica at a time does."""

import asyncio
import contextlib
from datetime import timedelta
from typing import Literal

import asyncpg
import structlog

from services.metrics.ledger import merging
from services.metrics.ledger.merging import BusyError
from shared.kit.clock import Clock

log = structlog.get_logger()

EVERY = 600.0
"""Seconds between looks."""
PERIODS = 4
"""Into so many periods of taking in what is kept is cut: what is merged at once is the oldest of them."""


class Merger:
    """What there is to do of one replica; ``days`` is how long it is kept what was known when."""

    def __init__(self, days: int | Literal["all"], clock: Clock) -> None:
        """Nothing is merged yet."""
        self._days, self._clock = days, clock

    async def keep(self, pool: asyncpg.Pool) -> None:
        """Look on and on, until cancelled."""
        while True:
            with contextlib.suppress(BusyError, asyncpg.LockNotAvailableError):
                await self.some(pool)
            await asyncio.sleep(EVERY)

    async def some(self, pool: asyncpg.Pool) -> None:
        """Close the period that is old enough to be, and merge those of which nothing is asked any more."""
        if self._days == "all":
            return
        now, kept = self._clock.now(), timedelta(days=self._days)
        await merging.close(pool, now - kept / PERIODS)
        while period := await merging.ripe(pool, now - kept):
            await merging.merge(pool, period)
            log.info("facts are merged", taken_in_by=period.at.isoformat())
