"""Whether a server of PostgreSQL can hold what Stadga keeps there."""

import asyncpg

from cli.local.backup.manifest import BackupError

OLDEST = 15
"""The oldest PostgreSQL that Stadga works with."""
ENCODING = "UTF8"
_ENCODING = "select pg_encoding_to_char(encoding) from pg_database where datname = current_database()"


async def fit(connection: asyncpg.Connection) -> None:
    """Raises BackupError for one that is too old, or whose database cannot hold every letter."""
    found = connection.get_server_version().major
    if found < OLDEST:
        raise BackupError(
            f"DATABASE_URL: servern är PostgreSQL {found}, och Stadga behöver {OLDEST} eller senare",
            f"DATABASE_URL: the server is PostgreSQL {found}, and Stadga needs {OLDEST} or later",
        )
    encoding = await connection.fetchval(_ENCODING)
    if encoding != ENCODING:
        raise BackupError(
            f"DATABASE_URL: databasen har teckenkodningen {encoding}: skapa den med encoding '{ENCODING}'",
            f"DATABASE_URL: the database has the encoding {encoding}: create it with encoding '{ENCODING}'",
        )
