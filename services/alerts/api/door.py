"""The way from HTTP to the database: away is 503, and what the database cannot hold was never asked for rightly."""

import contextlib
from collections.abc import AsyncIterator, Callable

import asyncpg
from litestar.exceptions import ServiceUnavailableException

from services.alerts.repository import groups
from shared.contracts.metrics import ALL
from shared.kit.answers import answered
from shared.kit.problems import missing

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


async def known(connection: asyncpg.Connection, unit: str | None) -> None:
    """Answer 404, with the nearest name, for a unit that no value has told of."""
    if unit is not None and unit != ALL and unit not in (told := await groups.names(connection)):
        missing("query.unit", f"no unit {unit!r}", unit, told)
