"""A copy of the book, as PostgreSQL keeps it for whoever leads next, and which groups were told of since.

What was told after the copy was made is not in it. So before a leader tells of groups it writes down which: whoever
goes on from the copy tells all of these once more, since it cannot know which of it came out.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from datetime import date
from hashlib import blake2b
from itertools import count
from typing import Any, NamedTuple

import asyncpg
import cramjam
import msgspec
import numpy as np
from numpy.typing import NDArray

from services.metrics.domain.sums.copied import Part
from services.metrics.ledger import copy_statements as sql
from services.metrics.ledger.reading import Mark
from services.metrics.ledger.term import DeposedError, Term

MarksOfUnits = Mapping[str, Mapping[str, date]]
"""Until when the values of units are fresh, by metric, as it was last told."""

CHECK_BYTES = 16
PACKED = 1
"""The lowest level: it is as quick as the copy is read."""


class Copy(NamedTuple):
    """A copy: its number, of which day, how far of the ledger, how far was told of by month, its parts, and what its
    maker says of the messages that were sent.
    """

    number: int
    today: date
    mark: Mark
    told: Mark
    revision: int
    parts: int
    marks: MarksOfUnits
    sent: bytes


class DamagedError(Exception):
    """A part of the copy is not what was written, or is missing."""


class UnfitError(Exception):
    """There is no copy that fits; says why."""


async def found(connection: asyncpg.Connection, term: Term, release: str, today: date) -> Copy:
    """The copy to begin a term with; raises UnfitError."""
    row = await connection.fetchrow(sql.COPY, term.number)
    if row is None:
        raise UnfitError("there is none of the leader before this one")
    if row["release"] != release:
        raise UnfitError("another release made it, or it was made with other settings")
    if row["today"] > today:
        raise UnfitError("it is of a later day")
    if not row["fits"]:
        raise UnfitError("the ledger is another one")
    marks = msgspec.json.decode(row["marks"], type=dict[str, dict[str, date]])
    mark, told = Mark(row["snapshot"]), Mark(row["told"])
    return Copy(row["number"], row["today"], mark, told, row["seq"], row["parts"], marks, row["sent"].encode())


async def carry_on(connection: asyncpg.Connection, term: Term) -> None:
    """Let the copy of the term before hold on in this one, if there is one."""
    await connection.execute(sql.CARRY_ON, term.number)


async def parts(connection: asyncpg.Connection, copy: Copy) -> AsyncIterator[Part]:
    """Its parts in order; raises DamagedError. Needs a transaction."""
    seen = 0
    async for row in connection.cursor(sql.PARTS, copy.number, prefetch=1):
        yield await asyncio.to_thread(unpacked, row["body"])
        seen += 1
    if seen != copy.parts:
        raise DamagedError(f"{seen} parts of {copy.parts} are there")


async def told(connection: asyncpg.Connection) -> set[int]:
    """The groups that were told of since, by number."""
    return {group for row in await connection.fetch(sql.TOLD) for group in row["groups"]}


async def tell(term: Term, groups: Collection[int]) -> None:
    """Write down what is about to be told; raises DeposedError in a later leader's term."""
    if await term.pool.fetchval(sql.TELL, term.number, sorted(groups)) is None:
        raise DeposedError(f"term {term.number} is over")


async def forget(term: Term) -> None:
    """There is no copy from now on: more is told than is worth writing down."""
    await term.pool.execute(sql.FORGET, term.number)


class Made(NamedTuple):
    """What a copy is of: who made it with what, the day, the ledger, the marks that were told, the messages sent."""

    release: str
    today: date
    mark: Mark
    revision: int
    marks: MarksOfUnits
    sent: bytes


async def keep(connection: asyncpg.Connection, term: Term, made: Made, some: Iterator[Part]) -> None:
    """Keep a copy in the place of the one before; raises DeposedError in a later leader's term."""
    async with connection.transaction():
        number = await connection.fetchval(sql.NEXT)
        for place in count():
            if (body := await asyncio.to_thread(_next, some)) is None:
                break
            await connection.execute(sql.ADD_PART, number, place, body)
        marks = msgspec.json.encode(made.marks).decode()
        values = (made.release, made.today, made.mark.snapshot, made.revision, place, marks, made.sent.decode())
        if await connection.fetchval(sql.HOLDS, number, term.number, *values) is None:
            raise DeposedError(f"term {term.number} is over")
        await connection.execute(sql.FORGET_OTHERS, number)
        await connection.execute(sql.FORGET_TOLD)


def _next(some: Iterator[Part]) -> bytes | None:
    part = next(some, None)
    return None if part is None else packed(part)


def packed(part: Part) -> bytes:
    """A part as it is stored: a check, and the whole, compressed by how each number differs from the one before."""
    body = msgspec.msgpack.encode((part.name, [_written(one) for one in part.arrays], part.said))
    stored = bytes(cramjam.zstd.compress(body, PACKED))
    return blake2b(stored, digest_size=CHECK_BYTES).digest() + stored


def unpacked(stored: bytes) -> Part:
    """The part; raises DamagedError."""
    check, stored = stored[:CHECK_BYTES], stored[CHECK_BYTES:]
    if blake2b(stored, digest_size=CHECK_BYTES).digest() != check:
        raise DamagedError("a part is not what was written")
    name, arrays, said = msgspec.msgpack.decode(bytes(cramjam.zstd.decompress(stored)))
    return Part(name, tuple(_read(*one) for one in arrays), said)


Written = tuple[str, tuple[int, ...], bytes]
"""The kind of numbers, how many in each direction, and they themselves."""


def _written(array: NDArray[Any]) -> Written:
    if array.dtype == object:
        return "O", array.shape, json.dumps(array.tolist()).encode()
    if array.dtype == np.int64:
        array = np.diff(array, axis=-1, prepend=0)
    return array.dtype.str, array.shape, array.tobytes()


def _read(kind: str, shape: tuple[int, ...], written: bytes) -> NDArray[Any]:
    if kind == "O":
        found = np.empty(shape, object)
        found[...] = json.loads(written)
        return found
    array = np.frombuffer(written, kind).reshape(shape)
    return np.cumsum(array, axis=-1) if array.dtype == np.int64 else array
