"""Which migrations a database has had, and whether a release can work with it.

A release works with a database that has had its last migration, and with one of a later release as long as that says
so: ``supports`` has the least number of a release that is still served. Each release adds, and what an earlier one
needs goes when that is not supported any more: decision 67.
"""

from collections.abc import Callable

import asyncpg

from shared.contracts.release import SCHEMAS, VERSION
from shared.kit.trouble import PassingError

_FOUND = """
select coalesce(max(substring(version_num from '[0-9]+$')::integer), 0)
from public.alembic_version where version_num like $1 || '\\_%'
"""
_OLDEST = "select oldest from supports"

Met = Callable[[int], None]


class MissingMigrationError(PassingError):
    """The database is of an earlier release: an operator runs the migrations."""


class OutgrownError(PassingError):
    """The database is of a later release that no longer serves this one."""


async def look(session: asyncpg.Connection, schema: str, met: Met) -> None:
    """Tell ``met`` what the schema has had; raises MissingMigrationError, OutgrownError."""
    found, needed = await _found(session, schema), SCHEMAS[schema]
    met(found)
    if found < needed:
        has = f"the last one there is {_name(schema, found)}" if found else "there is none"
        raise MissingMigrationError(
            f"the migration {_name(schema, needed)} is missing, {has}: run the job migrations of release {VERSION}"
        )
    oldest = await session.fetchval(_OLDEST)
    if oldest > needed:
        raise OutgrownError(
            f"the database serves releases from {_name(schema, oldest)} on; {VERSION} is of {_name(schema, needed)}"
        )


async def _found(session: asyncpg.Connection, schema: str) -> int:
    try:
        found: int = await session.fetchval(_FOUND, schema)
    except asyncpg.UndefinedTableError:
        return 0
    return found


def _name(schema: str, number: int) -> str:
    return f"{schema}_{number:04}"
