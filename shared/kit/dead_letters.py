"""Messages put aside: the tables ``dead_letters`` and ``set_aside`` of a service's schema."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol

import asyncpg

from shared.contracts.dead_letters import Content, Letter, Letters, Place, Reason
from shared.kit.trouble import PassingError


class Message(Protocol):
    """What a consumer reads, and what is kept of it."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...


class DeadLetter(NamedTuple):
    """A message that was put aside; ``error`` says what was wrong and where, and may quote the message."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    reason: str
    error: str


class Limits(NamedTuple):
    """How many messages may be put aside one right after the other, and in a minute; 0 is any number."""

    in_a_row: int
    a_minute: int


UNLIMITED = Limits(0, 0)
"""Also of what is put aside because a record is full: one subject's messages, which any source may send by mistake, say
nothing of the topic or of the service, and count in no limit.
"""


class TooManyError(PassingError):
    """More was put aside than a sound topic holds; the service stops before it drains the topic into a table."""


_BURY = """
insert into dead_letters (topic, partition, "offset", key, value, reason, error)
select * from unnest($1::text[], $2::int[], $3::bigint[], $4::bytea[], $5::bytea[], $6::text[], $7::text[])
on conflict do nothing returning topic, partition, "offset"
"""

_IN_A_ROW = """
with near as (
    select topic, partition, first, last from unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[])
        as given (topic, partition, first, last)),
islands as (
    select "offset" - row_number() over (partition by topic, partition order by "offset") as island, topic, partition
    from near join dead_letters using (topic, partition)
    where "offset" between first - $5 and last and reason <> 'record_full')
select coalesce(max(together), 0) from (
    select count(*) as together from islands group by topic, partition, island) runs
"""
"""Offsets without a gap between them form a run: what is numbered off within it differs by the same amount."""

_A_MINUTE = """
select count(*) from dead_letters where received > now() - interval '1 minute' and reason <> 'record_full'
"""


async def bury(connection: asyncpg.Connection, letters: Sequence[DeadLetter], limits: Limits) -> None:
    """Keep each once, however often it is read; raises TooManyError when these are more than the limits allow."""
    if not letters:
        return
    rows = [one._replace(error=one.error.replace("\0", "\\0")) for one in letters]  # PostgreSQL's text holds no NUL
    new = await connection.fetch(_BURY, *zip(*rows, strict=True))
    if new and limits.in_a_row and (await _in_a_row(connection, new, limits.in_a_row)) > limits.in_a_row:
        raise TooManyError(
            f"more than {limits.in_a_row} messages in a row cannot be taken in; see StadgaNothingTakenIn"
        )
    if new and limits.a_minute and await connection.fetchval(_A_MINUTE) > limits.a_minute:
        raise TooManyError(
            f"more than {limits.a_minute} messages in a minute cannot be taken in; see StadgaNothingTakenIn"
        )


async def _in_a_row(connection: asyncpg.Connection, new: Collection[asyncpg.Record], reach: int) -> int:
    """The longest run that a new letter may be part of."""
    ends: dict[tuple[str, int], tuple[int, int]] = {}
    for topic, partition, offset in new:
        first, last = ends.get((topic, partition), (offset, offset))
        ends[topic, partition] = min(first, offset), max(last, offset)
    columns = zip(*((*where, *span) for where, span in ends.items()), strict=True)
    longest: int = await connection.fetchval(_IN_A_ROW, *map(list, columns), reach)
    return longest


_LIST = """
select topic, partition, "offset", reason, coalesce(octet_length(value), 0) as bytes, received from dead_letters
where ($1::text is null or reason = $1)
    and ($2::text is null or (topic, partition, "offset") > ($2, $3::int, $4::bigint))
order by topic, partition, "offset" limit $5
"""

_WAITING = "select reason, count(*) from dead_letters where $1::text is null or reason = $1 group by 1 order by 1"

_AT = 'topic = $1 and partition = $2 and "offset" = $3'
_SHOW = f"select * from dead_letters where {_AT}"  # noqa: S608  (written here, and so below)

_KEPT = f'select topic, partition, "offset", key, value, reason, error from dead_letters where {_AT} for update'  # noqa: S608
_FORGET = f"delete from dead_letters where {_AT}"  # noqa: S608

_SET_ASIDE = """
insert into set_aside (topic, partition, "offset", why) values ($1, $2, $3, $4)
on conflict (topic, partition, "offset") do update set why = excluded.why
"""
_WHY = f"select why from set_aside where {_AT}"  # noqa: S608


async def listed(connection: asyncpg.Connection, reason: Reason | None, after: Place | None, most: int) -> Letters:
    """The letters behind a place, and how many there are."""
    place = (after.topic, after.partition, after.offset) if after else (None, None, None)
    rows = await connection.fetch(_LIST, reason, *place, most)
    waiting = await connection.fetch(_WAITING, reason)
    return Letters([_letter(row) for row in rows], {row["reason"]: row["count"] for row in waiting})


def _letter(row: asyncpg.Record) -> Letter:
    return Letter(Place(row["topic"], row["partition"], row["offset"]), row["reason"], row["bytes"], row["received"])


async def shown(connection: asyncpg.Connection, place: Place) -> Content | None:
    """A letter with what it says; None if there is none."""
    row = await connection.fetchrow(_SHOW, place.topic, place.partition, place.offset)
    if row is None:
        return None
    letter = Letter(place, row["reason"], len(row["value"] or b""), row["received"])
    return Content(letter, row["error"], row["key"], row["value"])


async def kept(connection: asyncpg.Connection, place: Place) -> DeadLetter | None:
    """A letter, which nobody else can take meanwhile; None if it is not kept any more. Needs a transaction."""
    row = await connection.fetchrow(_KEPT, place.topic, place.partition, place.offset)
    return DeadLetter(*row) if row else None


async def forget(connection: asyncpg.Connection, place: Place) -> None:
    """A letter that was taken in after all is kept no longer."""
    await connection.execute(_FORGET, place.topic, place.partition, place.offset)


async def set_aside(connection: asyncpg.Connection, place: Place, why: str) -> None:
    """Say that a message is to be put aside if the service stops at it."""
    await connection.execute(_SET_ASIDE, place.topic, place.partition, place.offset, why)


async def why(connection: asyncpg.Connection | asyncpg.Pool, place: Place) -> str | None:
    """Why an operator wants a message put aside; None if none does."""
    found: str | None = await connection.fetchval(_WHY, place.topic, place.partition, place.offset)
    return found
