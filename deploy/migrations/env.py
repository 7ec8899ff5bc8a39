"""Runs the migrations of all services on one database, which is of one tenant, one run at a time."""

import asyncio
import os

import asyncpg
from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shared.contracts.tenants import not_a_tenant
from shared.kit.settings import Settings, SettingsError, load

SECONDS = 60
"""How long connecting may take: another run may hold the server up."""
SCHEMAS = ("metrics", "alerts")
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
        "postgresql+asyncpg://", poolclass=NullPool, async_creator=lambda: asyncpg.connect(url, timeout=SECONDS)
    )
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


def run(connection: Connection) -> None:
    """All migrations in one transaction, under a lock that ends with it."""
    context.config.attributes["tenant"] = mine = tenant()
    context.configure(connection=connection, version_table_schema="public", include_schemas=True)
    with context.begin_transaction():
        connection.execute(ONE_AT_A_TIME)
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
