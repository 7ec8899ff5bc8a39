"""The way from HTTP to the database: away is 503, and what the database cannot hold was never asked for rightly."""

import contextlib
from collections.abc import AsyncIterator, Callable

import asyncpg
from litestar.exceptions import ServiceUnavailableException, ValidationException

from shared.kit.database import TRANSIENT

Pool = Callable[[], asyncpg.Pool | None]


@contextlib.asynccontextmanager
async def connected(pool: Pool) -> AsyncIterator[asyncpg.Connection]:
    """A connection for one question."""
    found = pool()
    if found is None:
        raise ServiceUnavailableException("the database is away")
    try:
        async with found.acquire() as connection:
            yield connection
    except TRANSIENT as error:
        raise ServiceUnavailableException("the database is away") from error
    except asyncpg.DataError as error:  # NUL, a lone surrogate: nothing can have such a name
        raise ValidationException("a parameter holds characters that no name can have") from error
