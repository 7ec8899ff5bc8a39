"""Keeps the alerts that Prometheus reads as they were last judged, by this process or by another."""

import asyncpg

from services.alerts.exposition import Exposition
from services.alerts.repository import due, history, unjudged, unpublished
from services.alerts.telemetry import Telemetry

PORTION = 2_000


class Display:
    """Reads what was judged since it last looked; for the one process that shows the alerts."""

    def __init__(self, pool: asyncpg.Pool, exposition: Exposition, telemetry: Telemetry) -> None:
        """Nothing is shown yet."""
        self._pool = pool
        self._exposition = exposition
        self._telemetry = telemetry
        self._place = history.START

    async def refresh(self) -> None:
        """Show what changed; raises what the database says."""
        found = await self._some()
        while len(found) == PORTION:
            found = await self._some()
        async with self._pool.acquire() as connection:
            self._telemetry.show(self._telemetry.unpublished, await unpublished.count(connection))
            self._telemetry.show(self._telemetry.unjudged, await unjudged.count(connection))
            self._telemetry.show(self._telemetry.due, await due.count(connection))

    def stand_by(self) -> None:
        """Another process shows the alerts."""
        self._place = history.START
        self._exposition.clear()
        self._telemetry.stand_by()

    async def _some(self) -> list[history.Shown]:
        async with self._pool.acquire() as connection:
            found = await history.judged(connection, self._place, PORTION)
        for one in found:
            if one.view:
                self._exposition.judged(one.view, one.evaluated)
            else:
                self._exposition.ended(one.alert)
            self._place = one.place
        if found and len(found) < PORTION:
            self._place = history.over(self._place)
        return found
