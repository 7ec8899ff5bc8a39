"""One replica at a time leads: it holds an advisory lock, for as long as it shows that it lives."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg

LOCK = "select pg_try_advisory_lock(hashtext($1))"
LAPSE = "set idle_session_timeout = '20s'"
"""PostgreSQL ends the session of a leader that is frozen, and with it the lock, so that another replica takes over."""

SIGN_SECONDS = 2.0
"""Between signs of life; also between attempts to lead."""


async def lead(
    pool: asyncpg.Pool, name: str, work: Callable[[], Awaitable[None]], standing_by: Callable[[], None]
) -> None:
    """Wait for the lock of that name, calling ``standing_by`` meanwhile, then work until it is lost.

    Raises what ends either.
    """
    async with pool.acquire() as guard:
        while not await guard.fetchval(LOCK, name):
            standing_by()
            await asyncio.sleep(SIGN_SECONDS / 2)
        await guard.execute(LAPSE)
        working = asyncio.ensure_future(work())
        try:
            while not working.done():
                await guard.execute("select 1")
                await asyncio.wait([working], timeout=SIGN_SECONDS)
        finally:
            working.cancel()
            await asyncio.wait([working])
    working.result()
