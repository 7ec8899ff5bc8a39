"""The key that signs links where no file has one: made once, so that all processes sign alike."""

import secrets

import asyncpg

_MAKE = "insert into alerts.link_key (key) values ($1) on conflict do nothing"
_KEY = "select key from alerts.link_key"


async def load(pool: asyncpg.Pool) -> bytes:
    """The key; the first to ask makes it."""
    await pool.execute(_MAKE, secrets.token_bytes(32))
    key: bytes = await pool.fetchval(_KEY)
    return key
