"""Runs the migrations of all services on one database, which is of one tenant, one run at a time.

The services may run meanwhile. A migration that would have them wait for long, or that meets one of them crosswise, is
taken back whole and tried again.
"""

import asyncio
import os
import sys
from itertools import count

import asyncpg
from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from shared.contracts.tenants import not_a_tenant
from shared.kit import hosts
from shared.kit.settings import Settings, SettingsError, load

SECONDS = 60
"""How long connecting may take: another run may hold the server up."""
SCHEMAS = ("metrics", "alerts")
ATTEMPTS, PAUSE_SECONDS = 60, 1.0
SOON = text("set local lock_timeout = '3s'")
"""Whoever waits for a whole table lets all who come later wait too."""
BUSY = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)
ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtext('stadga.migrations'))")


def database_url() -> str:
    """The database of the caller, else of the environment."""
    if url := context.config.attributes.get("database_url"):
        return str(url)
    if not os.environ.get("DATABASE_URL"):
        raise SystemExit("DATABASE_URL is not set: it names the database to migrate, postgresql://user@host:port/name")
    try:
        return load(Settings).database_url
    except SettingsError as error:
        raise SystemExit(str(error)) from None


def tenant() -> str:
    """Whose the database is to be, by the caller or else the environment; empty: there are no tenants."""
    name = str(context.config.attributes.get("tenant", os.environ.get("STADGA_TENANT", "")))
    if name and (fault := not_a_tenant(name)):
        raise SystemExit(f"STADGA_TENANT={name!r}: {fault}")
    return name


async def migrate() -> None:
    """Connect as the services do, whatever the address says of TLS, and migrate."""
    url = database_url()
    engine = create_async_engine(
        "postgresql+asyncpg://", poolclass=NullPool, async_creator=lambda: hosts.connect(url, timeout=SECONDS)
    )
    try:
        for attempt in count(1):
            if await is_done(engine, last=attempt == ATTEMPTS):
                break
            print("the services are busy with what is to be migrated; tried again", file=sys.stderr)  # noqa: T201
            await asyncio.sleep(PAUSE_SECONDS)
    finally:
        await engine.dispose()


async def is_done(engine: AsyncEngine, *, last: bool) -> bool:
    """Try it; false where others hold what is needed, which the ``last`` attempt raises."""
    try:
        async with engine.connect() as connection:
            await connection.run_sync(run)
    except DBAPIError as error:
        if last or not is_busy(error):
            raise
        return False
    return True


def is_busy(error: DBAPIError) -> bool:
    """Whether it is that others hold what is needed."""
    return error.orig is not None and isinstance(error.orig.__cause__, BUSY)


def run(connection: Connection) -> None:
    """All migrations in one transaction, under a lock that ends with it."""
    context.config.attributes["tenant"] = mine = tenant()
    context.configure(connection=connection, version_table_schema="public", include_schemas=True)
    with context.begin_transaction():
        connection.execute(ONE_AT_A_TIME)
        connection.execute(SOON)
        check(connection, mine)
        context.run_migrations()


def check(connection: Connection, mine: str) -> None:
    """Raise SystemExit for a database of another tenant, of which nothing is changed."""
    for schema in SCHEMAS:
        marked = connection.scalar(text("select to_regclass(:name)"), {"name": f"{schema}.tenant"})
        if marked and connection.scalar(text(f"select name from {schema}.tenant")) != mine:  # noqa: S608  (ours)
            called = f"the tenant {mine}" if mine else "an installation without tenants"
            raise SystemExit(f"DATABASE_URL: the schema {schema} there is not of {called} (STADGA_TENANT)")


asyncio.run(migrate())
