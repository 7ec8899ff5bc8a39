"""Messages that could not be read, kept as they came."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import asyncpg

_SAVE = """
insert into dead_letters (topic, partition, "offset", key, value, reason, error, received)
select * from unnest($1::text[], $2::int[], $3::bigint[], $4::bytea[], $5::bytea[], $6::text[], $7::text[],
    $8::timestamptz[])
on conflict do nothing
"""


class DeadLetter(NamedTuple):
    """A row of ``dead_letters``; ``error`` says what was wrong and where."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    reason: str
    error: str
    received: datetime


async def save(connection: asyncpg.Connection, letters: Collection[DeadLetter]) -> None:
    """Keep each once, however often it is read."""
    if letters:
        await connection.execute(_SAVE, *(list(column) for column in zip(*letters, strict=True)))
