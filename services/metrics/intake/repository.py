"""Everything the metrics service reads from and writes to PostgreSQL while it folds events."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple, Protocol

import asyncpg
import msgspec

from services.metrics.domain.facts.cause import Cause
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.entry import Entry
from services.metrics.domain.facts.reported import Firsts, Reported
from services.metrics.domain.facts.tally import Fact
from services.metrics.domain.record.arrivals import Arrival, Delivery
from services.metrics.domain.record.record import Stored
from services.metrics.domain.record.working import Need
from services.metrics.ledger import describing
from services.metrics.ledger import statements as sql
from services.metrics.ledger.delivery_statements import ARRIVAL_COLUMNS
from shared.kit.trouble import PassingError

Partition = tuple[str, int]


COPY_SECONDS = 60
"""A server that dies while the client waits to send never answers: asyncpg would wait for ever without a limit."""
COPY_ROWS = 100_000
"""Rows that are sent within that time."""


class FencedError(PassingError):
    """Another owner moved a partition on; what was folded belongs to it and must be dropped."""


class OffsetRange(NamedTuple):
    """Messages of one partition: from the position ``at`` up to, not including, ``next``; ``digest`` is of the last."""

    partition: Partition
    at: int
    next: int
    digest: bytes | None = None


class Position(NamedTuple):
    """Where to read on, the digest of the message before it, and why the partition must not be read, if so."""

    next: int
    digest: bytes | None = None
    stopped: str | None = None


class Log(NamedTuple):
    """The log that positions count in: the topic's id, where brokers have one, and its number of partitions."""

    id: str | None
    partitions: int


class BatchChange(NamedTuple):
    """What one batch writes besides facts."""

    new: list[tuple[str, Stored]]
    changed: list[tuple[str, Stored]]
    gone: list[tuple[str, str]]
    """The keys of rows that are no more."""


AnomalyCounts = dict[tuple[str, str], int]
"""By kind and subject, how many anomalies more or less there are."""


class Addition(NamedTuple):
    """What one batch adds to the ledger: so many events, what they changed, the units they define, what sources tell of
    from an earlier day on than was known, and the units whose groups are described otherwise, since somebody is erased.
    """

    events: int
    facts: Sequence[Fact]
    anomalies: AnomalyCounts
    causes: Sequence[Cause]
    definitions: Mapping[str, list[Entry]]
    firsts: Firsts = MappingProxyType({})
    redescribed: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether there is anything to add."""
        return bool(self.facts or self.anomalies or self.definitions or self.firsts or self.redescribed)


async def positions(pool: asyncpg.Pool, partitions: Iterable[Partition]) -> dict[Partition, Position]:
    """Where each partition is to be read from; partitions never met start at the beginning."""
    wanted = sorted(partitions)
    async with pool.acquire() as connection:
        await connection.execute(sql.CLAIM, *_named(wanted))
        known = {(topic, part): Position(*rest) for topic, part, *rest in await connection.fetch(sql.POSITIONS)}
    return {p: known[p] for p in wanted}


async def log_of(pool: asyncpg.Pool, topic: str, found: Log) -> Log:
    """The log of a topic as first met; ``found`` is how it is, and how it is remembered if it was never met."""
    async with pool.acquire() as connection:
        await connection.execute(sql.NEW_LOG, topic, *found)
        if found.id:
            await connection.execute(sql.NAME_LOG, topic, found.id)
        return Log(*await connection.fetchrow(sql.LOG, topic))


async def stop(pool: asyncpg.Pool, partition: Partition, at: int, reason: str) -> None:
    """Let nobody read a partition on until it is realigned, unless somebody else has moved it meanwhile."""
    await pool.execute(sql.STOP, *partition, at, reason)


async def reached(pool: asyncpg.Pool, spans: Sequence[OffsetRange]) -> None:
    """Behind these positions no message stands, up to where the spans end: marks of transactions take places too."""
    ordered = sorted(spans, key=lambda span: span.partition)
    columns = [s.at for s in ordered], [s.next for s in ordered]
    await pool.execute(sql.REACHED, *_named(s.partition for s in ordered), *columns)


async def realign(connection: asyncpg.Connection, topic: str, found: Log) -> list[int]:
    """Have a topic read from its start: all of it if it is another log, else the partitions that were stopped."""
    async with connection.transaction():
        known = await connection.fetchrow(sql.LOG, topic)
        another = known is None or Log(*known) != found
        await connection.execute(sql.CHANGE_LOG, topic, *found)
        await connection.execute(sql.FORGET_PARTITIONS, topic, found.partitions)
        moved = await connection.fetch(sql.REALIGN, topic, another)
        parts = list(range(found.partitions)) if another else sorted(row["part"] for row in moved)
        await connection.execute(sql.RENAME_LETTERS, topic, parts)
        await connection.execute(sql.FORGET_SET_ASIDE, topic, parts)
    return parts


async def lock(connection: asyncpg.Connection, partitions: Iterable[Partition]) -> None:
    """Let nobody else fold what belongs to some partitions until this transaction ends."""
    await connection.execute(sql.LOCK, *_named(sorted(partitions)))


async def lock_all(connection: asyncpg.Connection) -> None:
    """Let nobody else fold anything until this transaction ends."""
    await connection.execute(sql.LOCK_ALL)


async def advance(connection: asyncpg.Connection, spans: Sequence[OffsetRange]) -> None:
    """Move the positions, first thing in the transaction; raises FencedError unless all are ours to move."""
    ordered = sorted(spans, key=lambda span: span.partition)
    columns = [s.at for s in ordered], [s.next for s in ordered], [s.digest for s in ordered]
    moved = await connection.fetch(sql.ADVANCE, *_named(s.partition for s in ordered), *columns)
    if len(moved) != len(ordered):
        raise FencedError(f"{len(ordered) - len(moved)} of {len(ordered)} partitions have another owner")


def _named(partitions: Iterable[Partition]) -> tuple[list[str], list[int]]:
    some = list(partitions)
    return [topic for topic, _ in some], [part for _, part in some]


async def known(connection: asyncpg.Connection, subjects: Iterable[str]) -> set[str]:
    """Those of which anything is stored."""
    return {row["subject"] for row in await connection.fetch(sql.KNOWN, list(subjects))}


async def load(connection: asyncpg.Connection, needs: Mapping[int, tuple[str, Need]]) -> dict[int, list[Stored]]:
    """The rows that each of many folds asks for, in at most two queries."""
    found: dict[int, list[Stored]] = defaultdict(list)
    keys = [(n, subject, key) for n, (subject, need) in needs.items() for key in need.keys]
    ranges = [(n, subject, *r) for n, (subject, need) in needs.items() for r in need.ranges]
    rows = await connection.fetch(sql.BY_KEY, *zip(*keys, strict=True)) if keys else []
    rows += await connection.fetch(sql.BY_DAYS, *zip(*ranges, strict=True)) if ranges else []
    for n, *stored in rows:
        found[n].append(Stored(*stored))
    for n, subject in ((n, subject) for n, (subject, need) in needs.items() if need.everything):
        found[n] += await record(connection, subject)
    return found


async def record(connection: asyncpg.Connection, subject: str) -> list[Stored]:
    """All rows of a record."""
    return [Stored(*rest) for _, *rest in await connection.fetch(sql.RECORDS, [subject])]


async def arrive(
    connection: asyncpg.Connection, deliveries: Mapping[Delivery, Arrival], touched: Mapping[Delivery, Iterable[str]]
) -> None:
    """Note what a batch brings of deliveries, and the units that it touches."""
    rows = [
        (of.key, *of, it.size, len(it.events), list(it.events), sorted(touched.get(of, ())))
        for of, it in deliveries.items()
    ]
    if rows:
        await copy(connection, "arrivals", rows, ARRIVAL_COLUMNS)


async def save(connection: asyncpg.Connection, change: BatchChange) -> None:
    """Write the parts of a batch."""
    if change.new:
        rows = sorted((subject, *row) for subject, row in change.new)
        await copy(connection, "parts", rows, sql.PART_COLUMNS)
    if change.changed:
        rows = sorted((subject, *row) for subject, row in change.changed)
        await connection.execute(sql.UPDATE_PARTS, *zip(*rows, strict=True))
    if change.gone:
        await connection.execute(sql.GONE, *zip(*sorted(change.gone), strict=True))


async def append(connection: asyncpg.Connection, cells: Mapping[Cell, int], addition: Addition) -> None:
    """Add a batch to the ledger; ``cells`` gives the numbers of those it has facts of."""
    events, facts, anomalies, causes, definitions, firsts, redescribed = addition
    batch = await begin(connection)
    deltas = ((batch, cells[cell], measure, day, delta) for cell, measure, day, delta in facts)
    await copy(connection, "facts", deltas, sql.FACT_COLUMNS)
    if anomalies:
        counts = [(batch, *of, delta) for of, delta in anomalies.items()]
        await copy(connection, "anomalies", counts, ("batch", "kind", "subject", "delta"))
    if causes:
        rows = [(batch, *_cause(cause, cells)) for cause in causes]
        await copy(connection, "causes", rows, sql.CAUSE_COLUMNS)
    if definitions:
        units = [(batch, ref, msgspec.msgpack.encode(entries)) for ref, entries in sorted(definitions.items())]
        await copy(connection, "units", units, sql.UNIT_COLUMNS)
    if firsts:
        await copy(connection, "coverage", [(batch, *one, day) for one, day in firsts.items()], sql.COVERAGE_COLUMNS)
    if redescribed:
        await describing.note(connection, batch, redescribed)
    await end(connection, batch, events, len(facts), tree=bool(definitions))


async def earlier(connection: asyncpg.Connection, firsts: Firsts) -> Firsts:
    """Those that are from an earlier day than was known, or were not known at all."""
    if not firsts:
        return firsts
    columns = zip(*((*one, day) for one, day in firsts.items()), strict=True)
    news = await connection.fetch(sql.EARLIER, *columns)
    return {Reported(*one): day for *one, day in news}


async def earliest(connection: asyncpg.Connection, firsts: Firsts) -> set[Reported]:
    """Those from an earlier day than is known of the source and type in any unit: they move what is known of others."""
    if not firsts:
        return set()
    columns = zip(*((*one, day) for one, day in firsts.items()), strict=True)
    return {Reported(*one) for *one, _ in await connection.fetch(sql.EARLIEST, *columns)}


async def begin(connection: asyncpg.Connection) -> int:
    """The number under which a batch adds to the ledger; it is there once it is ended."""
    number: int = await connection.fetchval(sql.BATCH_ID)
    return number


async def end(connection: asyncpg.Connection, batch: int, events: int, facts: int, *, tree: bool = False) -> None:
    """Give a batch its place in the order of commits: others wait for this transaction's, so let it be the last."""
    await connection.execute(sql.ONE_COMMITS)
    await connection.execute(sql.NEW_BATCH, batch, events, facts, tree)


def _cause(cause: Cause, cells: Mapping[Cell, int]) -> tuple[str, int, int, list[int] | None, list[int] | None]:
    where = None if cause.cells is None else sorted(cells[cell] for cell in cause.cells)
    return cause.type, cause.events, cause.first, where, None if cause.measures is None else sorted(cause.measures)


async def copy(
    connection: asyncpg.Connection, table: str, records: Iterable[Sequence[object]], columns: Sequence[str]
) -> None:
    """Add rows to a table; raises asyncpg.DataError for a value that it does not hold."""
    waiting = iter(records)
    try:
        while some := list(islice(waiting, COPY_ROWS)):
            await connection.copy_records_to_table(table, records=some, columns=columns, timeout=COPY_SECONDS)
    except OverflowError as error:  # the client refuses such a number without saying that it is a value's fault
        raise asyncpg.NumericValueOutOfRangeError(str(error)) from error


async def number(connection: asyncpg.Connection, cells: Iterable[Cell]) -> dict[Cell, int]:
    """The numbers of cells, which get one if they have none."""
    wanted = sorted(set(cells))
    found = await _numbers(connection, wanted)
    if new := [cell for cell in wanted if cell not in found]:
        await connection.execute(sql.NEW_CELLS, *zip(*new, strict=True))
        found |= await _numbers(connection, new)
    return found


async def _numbers(connection: asyncpg.Connection, cells: Sequence[Cell]) -> dict[Cell, int]:
    rows = await connection.fetch(sql.FIND_CELLS, *zip(*cells, strict=True)) if cells else []
    return {Cell(*cell): number for number, *cell in rows}


class Numbering(Protocol):
    """Where cells get their numbers."""

    async def numbers(self, cells: Iterable[Cell]) -> Mapping[Cell, int]:
        """The number of every given cell (and of others)."""


class Cells:
    """The numbers of cells, remembered; new ones are committed at once, so a rolled back batch leaves only names."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Nothing remembered."""
        self._pool = pool
        self._known: dict[Cell, int] = {}

    async def numbers(self, cells: Iterable[Cell]) -> Mapping[Cell, int]:
        """The number of every given cell (and of others)."""
        missing = {c for c in cells if c not in self._known}
        if missing:
            async with self._pool.acquire() as connection:
                self._known.update(await number(connection, missing))
        return self._known
