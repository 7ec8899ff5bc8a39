"""Watching the sources: the registry, read again when its file changes, and what came of each, looked at by time.

Nothing arrives when a source falls silent, so whoever wants to know has to look.
"""

import asyncio
from datetime import date
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import asyncpg
import structlog

from services.metrics.domain.sources.freshness import NONE_LATE, Staleness, report, staleness
from services.metrics.domain.sources.reading import MOST_BYTES, RegistryRefused, decoded, read
from services.metrics.domain.sources.registry import Registry
from services.metrics.ledger import sources as ledger
from shared.contracts.sources import SourceReported
from shared.kit import files
from shared.kit.clock import Clock
from shared.kit.health import Health

log = structlog.get_logger()

PART = "sources"
EVERY = 1.0
"""Seconds between looks."""


class Watched(NamedTuple):
    """The registered sources as of one look, and what those that are late leave stale."""

    reports: tuple[SourceReported, ...] = ()
    stale: Staleness = NONE_LATE


class SourceWatch:
    """The sources as of the last look; ``file`` is the registry, empty without one."""

    def __init__(self, file: str, clock: Clock, health: Health) -> None:
        """Nothing is read yet."""
        self._file, self._clock, self._health = file, clock, health
        self._registry: Registry = {}
        self._content: bytes | None = None
        self._looked, self._today = float("-inf"), date.min
        self.watched = Watched()

    async def look(self, connection: asyncpg.Connection | asyncpg.Pool, today: date) -> Watched:
        """The sources as they are, or were within the last second; a registry that cannot be used changes nothing."""
        if self._file and (today != self._today or monotonic() - self._looked >= EVERY):
            await asyncio.to_thread(self._read)
            came = await ledger.came(connection, self._registry, today)
            unknown = await ledger.undefined(connection, self._registry)
            reports = tuple(
                report(source, came.get(name, {}), unknown.get(name, ()), today)
                for name, source in self._registry.items()
            )
            self.watched = Watched(reports, staleness(self._registry, reports))
            self._looked, self._today = monotonic(), today
        return self.watched

    async def keep(self, pool: asyncpg.Pool) -> None:
        """Look on and on, on a replica that does nothing else with it too, until cancelled."""
        if not self._file:
            self._health.ok(PART)
        while True:
            await self.look(pool, self._clock.today())
            await asyncio.sleep(EVERY)

    def _read(self) -> None:
        try:
            content = files.read(Path(self._file), MOST_BYTES).content
            if content != self._content:
                self._registry = read(decoded(content))
                self._content = content
            self._health.ok(PART)
        except OSError as error:
            self._health.degraded(PART, f"{self._file}: {error.strerror or error}")
        except RegistryRefused as refused:
            self._health.degraded(PART, f"{self._file}:{refused.faults[0]}")
