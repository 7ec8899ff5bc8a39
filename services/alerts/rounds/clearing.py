"""Clears away what nothing is judged on or told by any more, a little at a time."""

from datetime import date, timedelta

import asyncpg

from services.alerts.domain.alert.episode import SETTLED_DAYS
from services.alerts.repository import bundles, observations, outbox, sessions
from shared.kit.clock import Clock

KEPT_DAYS = SETTLED_DAYS + 10
"""Days of values that are kept: those not settled yet, and a margin."""

MAIL_DAYS = timedelta(400)
"""How long a mail that is over is kept: a year later it can still be said what was told to whom."""

GROUPS, MAILS = 100, 1_000
"""Groups and mails of one transaction."""


class Clearing:
    """Goes over all groups once a day. It begins again in a new process: what is cleared twice is cleared once."""

    def __init__(self, pool: asyncpg.Pool, clock: Clock) -> None:
        """Nothing was cleared today."""
        self._pool = pool
        self._clock = clock
        self._day: date | None = None

    async def some(self) -> None:
        """Once a day everything, each portion in a transaction of its own; raises what the database says."""
        if self._day == self._clock.today():
            return
        place: observations.SeriesPlace | None = ("", "")
        while place:
            async with self._pool.acquire() as connection:
                place = await observations.prune(connection, place, GROUPS, KEPT_DAYS)
        before = self._clock.now() - MAIL_DAYS
        while await outbox.prune(self._pool, before, MAILS) == MAILS:
            pass
        await bundles.prune(self._pool, before)
        await sessions.clear(self._pool, self._clock.now())
        self._day = self._clock.today()
