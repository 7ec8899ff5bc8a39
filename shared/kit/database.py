"""PostgreSQL: one pool per service, and which errors are of the server's condition."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable

import asyncpg

from shared.contracts.tenants import ALONE, Tenant
from shared.kit import hosts
from shared.kit import schema as migrations
from shared.kit.schema import Met
from shared.kit.trouble import PassingError

TRANSIENT = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    asyncpg.TransactionRollbackError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidSchemaNameError,
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedColumnError,
)
"""What goes away by itself, or once the operator has let us in and migrated: worth waiting for and trying again."""


def expected(error: BaseException) -> bool:
    """Whether an error is of the server's condition; one that is also a ValueError is of a value, or of an address.

    But for a certificate that is not believed, which is a ValueError to Python: an operator renews it.
    """
    return isinstance(error, ssl.SSLError) or (isinstance(error, TRANSIENT) and not isinstance(error, ValueError))


PULSE_SECONDS, ANSWER_SECONDS = 2.0, 10.0

_WHOSE = "select name from tenant"
"""Each schema has the table, and it has one row, which no release changes."""

IDLE_SECONDS = 20
LEAVES_BEHIND = {
    "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
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


class OtherTenantError(PassingError):
    """The database is of another tenant: nothing is read from it or written to it."""


@contextlib.asynccontextmanager
async def pool(
    url: str, schema: str, size: int = 4, tenant: Tenant = ALONE, met: Met = lambda _: None
) -> AsyncIterator[asyncpg.Pool]:
    """A pool whose sessions see ``schema`` first, of a database that is the tenant's and has had its migrations.

    Each session is asked before it is used; ``met`` is told the number of the last migration. Raises
    MissingMigrationError, OutgrownError, OtherTenantError, or one of TRANSIENT if the server cannot be used.
    """

    async def look(session: asyncpg.Connection) -> None:
        await migrations.look(session, schema, met)
        if await session.fetchval(_WHOSE) != tenant.name:
            raise OtherTenantError(f"DATABASE_URL: the schema {schema} there is not of {_called(tenant)}")

    settings = {"search_path": schema} | LEAVES_BEHIND
    opened = await asyncpg.create_pool(
        url, min_size=1, max_size=size, server_settings=settings, timeout=5, init=look, connect=hosts.connect
    )
    try:
        yield opened
    finally:
        opened.terminate()


def _called(tenant: Tenant) -> str:
    """The other one is not told: it is nobody's business here."""
    return f"the tenant {tenant.name}" if tenant.name else "an installation without tenants"


_UNCOPIED = """
select exists (
    select from pg_stat_activity
    where datname = current_database() and usename = current_user and wait_event = 'SyncRep'
        and query_start < clock_timestamp() - interval '10 seconds')
"""
"""Whether a commit of ours waits for another server to have it, too, as synchronous_standby_names may say."""


async def pulse(pool: asyncpg.Pool, schema: str, met: Met, tell: Callable[[str | None], None]) -> None:
    """Whenever the server answers tell what keeps it from taking anything, None if nothing does.

    ``met`` is called with the last migration that the schema has had. Raises one of TRANSIENT once the server does not
    answer, and what is wrong with the schema, as ``pool`` does.
    """
    while True:
        async with pool.acquire() as session, asyncio.timeout(ANSWER_SECONDS):
            await migrations.look(session, schema, met)
            uncopied = await session.fetchval(_UNCOPIED)
        tell("nothing is committed: PostgreSQL waits for its synchronous standby" if uncopied else None)
        await asyncio.sleep(PULSE_SECONDS)


async def end_hung(pool: asyncpg.Pool) -> int:
    """End the sessions whose clients hang, after a lock was waited for in vain; how many they were."""
    return len(await pool.fetch(END_HUNG))
