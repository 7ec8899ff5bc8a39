"""What the API shows: the present views and the steps that led there."""

from datetime import datetime

import asyncpg
import msgspec

from services.alerts.domain.telling import View
from shared.contracts.alerts import AlertChanged

_VIEWS = """
select view::text from standings
where watched and ($1::text is null or plan = $1) and ($2::text is null or unit = $2)
order by plan, target, unit
"""
_STANDING = "select view::text, evaluated from standings where watched"
_TRANSITIONS = """
select body::text from transitions
where ($1::text is null or plan = $1) and ($2::text is null or unit = $2) order by seq desc limit $3
"""


async def standing(connection: asyncpg.Connection) -> list[tuple[View, datetime]]:
    """Every alert that is being judged, and when it last was."""
    return [(msgspec.json.decode(row[0], type=View), row[1]) for row in await connection.fetch(_STANDING)]


async def unpublished(connection: asyncpg.Connection) -> int:
    """How many steps wait to be published."""
    count: int = await connection.fetchval("select count(*) from transitions where not published")
    return count


async def views(connection: asyncpg.Connection, plan: str | None, unit: str | None) -> list[View]:
    """Every alert that is being judged; None leaves a filter out."""
    return [msgspec.json.decode(row[0], type=View) for row in await connection.fetch(_VIEWS, plan, unit)]


async def transitions(
    connection: asyncpg.Connection, plan: str | None, unit: str | None, most: int
) -> list[AlertChanged]:
    """The latest steps, newest first."""
    found = await connection.fetch(_TRANSITIONS, plan, unit, most)
    return [msgspec.json.decode(row[0], type=AlertChanged) for row in found]
