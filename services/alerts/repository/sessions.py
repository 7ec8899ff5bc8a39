"""Who is signed in: by the digest of a cookie, so that whoever reads the table can sign in as nobody."""

from datetime import datetime, timedelta

import asyncpg

from services.alerts.signin.claims import Person

IDLE = timedelta(hours=1)
"""A session ends once nothing was asked for so long,"""
LONGEST = timedelta(hours=10)
"""and at the latest so long after it began."""
TOUCHED = timedelta(minutes=1)
"""How far the last use may lie behind: a page of many requests writes once."""

_ADD = """
insert into sessions (id, subject, provider_session, name, groups, created, used) values ($1, $2, $3, $4, $5, $6, $6)
"""
_FIND = """
select subject, provider_session, name, groups, created, used from sessions
where id = $1 and used > $2 and created > $3
"""
_TOUCH = "update sessions set used = $2 where id = $1 and used < $2"
_END = "delete from sessions where id = $1"
_END_OF = """
delete from sessions where created <= $3 and ($1 = '' or subject = $1) and ($2 = '' or provider_session = $2)
    and ($1 <> '' or $2 <> '')
"""
_CLEAR = "delete from sessions where used <= $1 or created <= $2"


async def add(connection: asyncpg.Connection, digest: bytes, person: Person, now: datetime) -> None:
    """Somebody has signed in."""
    subject, provider_session, name, groups = person
    await connection.execute(_ADD, digest, subject, provider_session, name, list(groups), now)


async def find(connection: asyncpg.Connection, digest: bytes, now: datetime) -> Person | None:
    """Whose cookie it is, as long as the session lasts."""
    row = await connection.fetchrow(_FIND, digest, now - IDLE, now - LONGEST)
    if row is None:
        return None
    if now - row["used"] >= TOUCHED:
        await connection.execute(_TOUCH, digest, now)
    return Person(row["subject"], row["provider_session"], row["name"], tuple(row["groups"]))


async def end(connection: asyncpg.Connection, digest: bytes) -> None:
    """Sign out."""
    await connection.execute(_END, digest)


async def end_of(connection: asyncpg.Connection, subject: str, provider_session: str, until: datetime) -> None:
    """End sessions that began by then: of somebody, or of one session at the provider, or of both; not of neither."""
    await connection.execute(_END_OF, subject, provider_session, until)


async def clear(connection: asyncpg.Connection | asyncpg.Pool, now: datetime) -> None:
    """Forget sessions that are over."""
    await connection.execute(_CLEAR, now - IDLE, now - LONGEST)
