"""The database's schema, brought up to date."""

import asyncio

from alembic import command
from alembic.config import Config

from cli.local.stack.errors import StackError
from cli.local.stack.part import ROOT
from shared.contracts.tenants import ALONE, Tenant


async def migrate(database_url: str, tenant: Tenant = ALONE) -> None:
    """Run every migration of every service that the database, which is or becomes the tenant's, has not had.

    Raises StackError for one of another tenant.
    """
    config = Config(ROOT / "deploy" / "migrations" / "alembic.ini")
    config.attributes.update(database_url=database_url, tenant=tenant.name)
    try:
        # In a thread: the migrations run an event loop of their own.
        await asyncio.to_thread(command.upgrade, config, "heads")
    except SystemExit as refused:
        raise StackError(str(refused)) from None
