"""PostgreSQL: one pool per service, opened as soon as the server answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg
import structlog

log = structlog.get_logger()

TRANSIENT = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.SerializationError,
)
"""What goes away by itself: worth waiting for and trying again."""


LEAVES_BEHIND = {
    "idle_in_transaction_session_timeout": "20s",
    "lock_timeout": "20s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
"""A process that hangs, or a machine that is gone, holds its locks no longer than this: others wait for them."""


END_HUNG = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and usename = current_user and state = 'active' and wait_event = 'ClientRead'
    and query_start < clock_timestamp() - interval '20 seconds'
"""
"""What the first limit does not reach: a statement of a client that hung in the middle of sending it, as in a COPY."""


@contextlib.asynccontextmanager
async def pool(url: str, schema: str, size: int = 4) -> AsyncIterator[asyncpg.Pool]:
    """A pool whose connections see ``schema`` first; waits, and says so, until the server answers."""
    opened = await _wait(url, schema, size)
    try:
        yield opened
    finally:
        opened.terminate()


async def _wait(url: str, schema: str, size: int) -> asyncpg.Pool:
    delay = 0.2
    while True:
        try:
            return await asyncpg.create_pool(
                url, min_size=1, max_size=size, server_settings={"search_path": schema} | LEAVES_BEHIND, timeout=5
            )
        except (*TRANSIENT, asyncpg.InvalidCatalogNameError) as error:
            log.warning("waiting for PostgreSQL", reason=str(error) or type(error).__name__)
            await asyncio.sleep(delay)
            delay = min(delay * 2, 5)


async def end_hung(pool: asyncpg.Pool) -> int:
    """End the sessions whose clients hang, after a lock was waited for in vain; how many they were."""
    return len(await pool.fetch(END_HUNG))
