"""Runs the migrations of all services on one database, one run at a time."""

import asyncio
import os

import asyncpg
from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

SECONDS = 60
"""How long connecting may take: another run may hold the server up."""
ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtext('stadga.migrations'))")


def database_url() -> str:
    """The database of the caller, else of the environment."""
    url = context.config.attributes.get("database_url") or os.environ.get("DATABASE_URL")
    if not url:
        raise SystemExit("DATABASE_URL is not set: it names the database to migrate, postgresql://user@host:port/name")
    return str(url)


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
    context.configure(connection=connection, version_table_schema="public", include_schemas=True)
    with context.begin_transaction():
        connection.execute(ONE_AT_A_TIME)
        context.run_migrations()


asyncio.run(migrate())
