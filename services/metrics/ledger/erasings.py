"""The record of erasings, and the messages that are still to be said of them on hr.events."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.record.erasure import erasure_of
from services.metrics.domain.record.keeping import OF_PEOPLE
from services.metrics.domain.record.record import ERASURE, Stored
from shared.contracts.dead_letters import Place
from shared.contracts.erased import Told
from shared.contracts.erasings import Erasing
from shared.contracts.erasure import Erasure

_COLUMNS = "id, at, by, why, persons, events, put_aside, sums, coarsened, done, family"
_NEW = f"insert into erasings ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"  # noqa: S608
_SAY = (
    "insert into erasing_messages (erasing, n, key, value) select $1, * from unnest($2::int[], $3::text[], $4::bytea[])"
)
_ALL = f"select {_COLUMNS} from erasings order by at desc, id"  # noqa: S608
_UNSAID = "select id, family from erasings where done is null order by at, id limit 1"
_MESSAGES = "select key, value from erasing_messages where erasing = $1 order by n"
_SAID = "delete from erasing_messages where erasing = $1"
_DONE = "update erasings set done = $2 where id = $1"
_HOLD = "select pg_try_advisory_lock(hashtext('stadga.metrics.erasing'))"
_LET_GO = "select pg_advisory_unlock(hashtext('stadga.metrics.erasing'))"
_PEOPLE = """
select unit, occupation, gender, age, day, sum(delta)::bigint as delta
from facts join cells on cells.id = cell where unit = any($1) and measure = any($2::smallint[]) group by 1, 2, 3, 4, 5
"""
_TOLD = """
select source, type, unit, declared, min(first) as first from coverage
where source = any($1) and (unit = '' or unit = any($2)) group by 1, 2, 3, 4 order by 1, 2, 3, 4
"""
_GONE = """
select subject, key, section, lo, hi, body from parts one
where key = $1 and subject like 'person/%'
    and not exists (select from parts other where other.subject = one.subject and other.key <> one.key)
"""
_ANOMALIES = """
select kind, sum(delta)::bigint as count from anomalies where subject = $1 group by kind having sum(delta) <> 0
"""
_LETTERS = """
select topic, partition, "offset" from dead_letters
where key = $1 or position($2::bytea in value) > 0 order by 1, 2, 3
"""


async def people(connection: asyncpg.Connection, units: Iterable[str]) -> Mapping[Cell, Mapping[int, int]]:
    """How many people there are in each cell of some units, as changes by day."""
    found: dict[Cell, dict[int, int]] = {}
    for *cell, day, delta in await connection.fetch(_PEOPLE, sorted(set(units)), list(OF_PEOPLE)):
        found.setdefault(Cell(*cell), {})[day] = delta
    return found


async def told(connection: asyncpg.Connection, sources: Iterable[str], units: Iterable[str]) -> list[Told]:
    """What is known of when sources began to tell, of some units."""
    return [Told(*row) for row in await connection.fetch(_TOLD, sorted(set(sources)), sorted(set(units)))]


async def anomalies(connection: asyncpg.Connection, subject: str) -> dict[str, int]:
    """By kind, of a record."""
    return {row["kind"]: row["count"] for row in await connection.fetch(_ANOMALIES, subject)}


async def put_aside(connection: asyncpg.Connection, subject: str) -> list[Place]:
    """Where the messages were that are put aside, and are about a person or name them."""
    name = subject.partition("/")[2].encode()
    return [Place(*row) for row in await connection.fetch(_LETTERS, subject.encode(), name)]


async def keep(connection: asyncpg.Connection, erasing: Erasing, messages: Sequence[tuple[str, bytes]]) -> None:
    """Write down a decision, and what is to be said of it."""
    row = [getattr(erasing, name) for name in Erasing.__struct_fields__]
    await connection.execute(_NEW, UUID(erasing.id), *row[1:])
    keys, values = [key for key, _ in messages], [value for _, value in messages]
    await connection.execute(_SAY, UUID(erasing.id), list(range(len(messages))), keys, values)


async def listed(connection: asyncpg.Connection) -> list[Erasing]:
    """All, the latest first."""
    return [_erasing(row) for row in await connection.fetch(_ALL)]


async def gone(connection: asyncpg.Connection) -> list[tuple[str, Erasure]]:
    """Who is erased, by subject, and has not returned: nothing else is stored of them."""
    rows = await connection.fetch(_GONE, ERASURE)
    found = ((subject, erasure_of(Stored(*part))) for subject, *part in rows)
    return [(subject, erasure) for subject, erasure in found if erasure.is_of_all]


@asynccontextmanager
async def alone(connection: asyncpg.Connection) -> AsyncIterator[bool]:
    """Whether no other replica says what was erased, until the block ends."""
    held = await connection.fetchval(_HOLD)
    try:
        yield bool(held)
    finally:
        if held:
            await connection.execute(_LET_GO)


class Unsaid(NamedTuple):
    """An erasing that is yet to be said: its messages, and whether persons are erased, and not families alone."""

    erasing: UUID
    messages: list[tuple[str, bytes]]
    is_of_persons: bool


async def unsaid(connection: asyncpg.Connection) -> Unsaid | None:
    """The first erasing that is not said; None if there is none."""
    found = await connection.fetchrow(_UNSAID)
    if found is None:
        return None
    messages = [(row["key"], row["value"]) for row in await connection.fetch(_MESSAGES, found["id"])]
    return Unsaid(found["id"], messages, found["family"] is None)


async def said(connection: asyncpg.Connection, erasing: UUID, at: datetime) -> None:
    """All of it is on hr.events, and the keys are destroyed."""
    async with connection.transaction():
        await connection.execute(_SAID, erasing)
        await connection.execute(_DONE, erasing, at)


def _erasing(row: asyncpg.Record) -> Erasing:
    return Erasing(**{**dict(row), "id": str(row["id"])})
