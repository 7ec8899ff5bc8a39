"""What the schema holds of a person beside their record: anomalies, messages put aside, deliveries, a remake."""

from collections.abc import Collection

import asyncpg
import msgspec

from services.metrics.domain.record.arrivals import digest
from services.metrics.domain.record.record import ERASURE
from shared.contracts.erasure import Erasure

_ANOMALIES = "update anomalies set subject = null where subject = any($1)"
_LETTERS = """
delete from dead_letters where key = any($1::bytea[])
    or exists (select from unnest($2::bytea[]) name where position(name in value) > 0 or position(name in key) > 0)
"""
_REMADE = (
    "delete from remade_parts where subject = any($1)",
    "update remade_anomalies set subject = null where subject = any($1)",
)
_ARRIVALS = """
update arrivals set units = array_remove(units, '*') where '*' = any(units) and events <@ $1::bigint[]
"""
_SETTLE = """
update anomalies a set subject = null from (
    select kind, subject from anomalies where subject = any($1) group by 1, 2 having sum(delta) = 0) s
where a.kind = s.kind and a.subject = s.subject
"""
_ERASED = "select subject, body from parts where key = $1 order by subject"


async def forget(connection: asyncpg.Connection, subjects: Collection[str]) -> int:
    """Keep of persons what names nobody, in a transaction of the caller's; how many messages put aside went."""
    if not subjects:
        return 0
    some = sorted(subjects)
    for statement in (_ANOMALIES, *_REMADE):
        await connection.execute(statement, some)
    return await letters(connection, some)


async def letters(connection: asyncpg.Connection, subjects: Collection[str]) -> int:
    """Delete the messages put aside that are about persons or name them; how many those were."""
    keys = [subject.encode() for subject in subjects]
    names = [subject.partition("/")[2].encode() for subject in subjects]
    return int((await connection.execute(_LETTERS, keys, names)).split()[-1])


async def let_go(connection: asyncpg.Connection, events: Collection[str]) -> None:
    """Have deliveries that brought nothing but events of erased persons, by their ids, hold no other unit back."""
    if events:
        await connection.execute(_ARRIVALS, [digest(one) for one in events])


async def settle(connection: asyncpg.Connection, subjects: Collection[str]) -> None:
    """Let nobody be named by contradictions that are none any more, in a transaction of the caller's."""
    if subjects:
        await connection.execute(_SETTLE, sorted(subjects))


async def erased(connection: asyncpg.Connection) -> list[str]:
    """The subjects of persons who are erased, and not families of their events alone."""
    rows = await connection.fetch(_ERASED, ERASURE)
    return [row["subject"] for row in rows if msgspec.msgpack.decode(row["body"], type=Erasure).is_of_all]
