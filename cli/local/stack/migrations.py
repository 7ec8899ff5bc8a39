"""The database's schema, brought up to date."""

import asyncio

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from cli.local.stack.errors import StackError
from cli.local.stack.part import ROOT
from shared.contracts.tenants import ALONE, Tenant


def known() -> set[str]:
    """The number of every migration of this release."""
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


async def migrate(database_url: str, tenant: Tenant = ALONE, to: str = "heads") -> None:
    """Run every migration of every service that the database, which is or becomes the tenant's, has not had.

    ``to``: up to this one of its service, and none of others. Raises StackError for a database of another tenant.
    """
    config = _config()
    config.attributes.update(database_url=database_url, tenant=tenant.name)
    try:
        # In a thread: the migrations run an event loop of their own.
        await asyncio.to_thread(command.upgrade, config, to)
    except SystemExit as refused:
        raise StackError(str(refused), str(refused)) from None


def _config() -> Config:
    return Config(ROOT / "deploy" / "migrations" / "alembic.ini")
