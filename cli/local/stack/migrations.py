"""The database's schema, brought up to date."""

import asyncio

from alembic import command
from alembic.config import Config

from cli.local.stack.part import ROOT


async def migrate(database_url: str) -> None:
    """Run every migration of every service that the database has not had."""
    config = Config(ROOT / "deploy" / "migrations" / "alembic.ini")
    config.attributes["database_url"] = database_url
    # In a thread: the migrations run an event loop of their own.
    await asyncio.to_thread(command.upgrade, config, "heads")
