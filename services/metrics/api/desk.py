"""What every route answers from: the ledger in one state, the clock, and the service's own window."""

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

import asyncpg
from litestar.exceptions import ServiceUnavailableException

from shared.kit.clock import Clock
from shared.kit.database import TRANSIENT


class Desk(NamedTuple):
    """``pool`` gives None until the database is there.

    ``window_days`` and ``norm`` (of case points) are those of what is published.
    """

    pool: Callable[[], asyncpg.Pool | None]
    clock: Clock
    window_days: int
    norm: float

    @contextlib.asynccontextmanager
    async def ledger(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection that sees one state of the ledger throughout; answers 503 while the database is away."""
        if (pool := self.pool()) is None:
            raise ServiceUnavailableException("the database is not there yet")
        try:
            async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
                yield connection
        except TRANSIENT as error:
            raise ServiceUnavailableException("the database is away") from error
