"""The steps that wait to be on ``workforce.alerts``, in the order they were decided."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import asyncpg

_LOAD = """
select seq, id, type, plan, target, unit, decided, body::text from transitions where not published order by seq limit $1
"""
_PUBLISHED = "update transitions set published = true where seq = any($1::bigint[])"
_COUNT = "select count(*) from transitions where not published"


class WaitingTransition(NamedTuple):
    """A step that waits: a transition, or something that was done, as its CloudEvent ``type`` says."""

    seq: int
    id: str
    type: str
    plan: str
    target: str
    unit: str
    decided: datetime
    body: str


async def load(connection: asyncpg.Connection, most: int) -> list[WaitingTransition]:
    """The first that wait."""
    return [WaitingTransition(*row) for row in await connection.fetch(_LOAD, most)]


async def published(connection: asyncpg.Connection, rows: Collection[WaitingTransition]) -> None:
    """They are on the topic."""
    await connection.execute(_PUBLISHED, [row.seq for row in rows])


async def count(connection: asyncpg.Connection) -> int:
    """How many wait."""
    found: int = await connection.fetchval(_COUNT)
    return found
