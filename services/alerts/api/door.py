"""The way from HTTP to the database: away is 503, and what the database cannot hold was never asked for rightly."""

import contextlib
from collections.abc import AsyncIterator, Callable

import asyncpg
from litestar.exceptions import ServiceUnavailableException

from shared.kit.answers import answered

Pool = Callable[[], asyncpg.Pool | None]


@contextlib.asynccontextmanager
async def connected(pool: Pool) -> AsyncIterator[asyncpg.Connection]:
    """A connection for one question."""
    found = pool()
    if found is None:
        raise ServiceUnavailableException("the database is away")
    with answered():
        async with found.acquire() as connection:
            yield connection
