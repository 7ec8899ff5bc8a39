"""Reading the ledger of facts: all of it once, then only what was committed since."""

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg
import msgspec
import numpy as np
from numpy.typing import NDArray

from services.metrics.domain.facts.cause import StoredCause
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.entry import Entry
from services.metrics.domain.facts.measures import FIRST_PAY_BIN
from services.metrics.domain.facts.reported import Reported
from services.metrics.domain.facts.rules import RULES
from services.metrics.domain.record.record import JOB, Stored
from services.metrics.domain.sums.periods import FIRST_DAY
from services.metrics.domain.sums.tree import above
from services.metrics.ledger import statements as sql
from services.metrics.ledger.rules import RulesError
from services.metrics.ledger.statements import Query
from services.metrics.ledger.telling_statements import HELD, PUBLISHED_TO, UNITS_STAFFED, UNITS_TOLD

PORTION = 50_000

Table = NDArray[np.int64]
"""Rows as numbers."""

_entries = msgspec.msgpack.Decoder(list[Entry])


class Mark(NamedTuple):
    """How far the ledger was read: the transactions seen."""

    snapshot: str


NOTHING = Mark("1:1:")
"""The mark of an empty ledger: no transaction was seen."""


class News(NamedTuple):
    """What was committed since a mark: batches, the events in them, whether the unit tree changed, and the place of the
    last in the order of commits; 0 without any.

    ``merged`` says that facts were merged of which the mark may not have seen all: they cannot be told apart any more.
    """

    mark: Mark
    batches: list[int]
    events: int
    tree_changed: bool
    revision: int
    merged: bool = False


RECORD = np.dtype(
    [
        *(("fields", ">i2"), ("cell_size", ">i4"), ("cell", ">i4"), ("measure_size", ">i4"), ("measure", ">i2")),
        *(("day_size", ">i4"), ("day", ">i4"), ("delta_size", ">i4"), ("delta", ">i8")),
    ]
)
"""A fact in PostgreSQL's binary copy format, in which no column is null."""
HEADER = 19
"""Bytes before the first record: signature, flags and an empty extension."""


async def everything(
    connection: asyncpg.Connection,
    reach: int,
    take: Callable[[Table], Awaitable[None]],
    of: Sequence[int] | None = None,
) -> None:
    """Give ``take`` all facts (or those ``of`` some cells) in portions, those before ``reach`` summed as if on it.

    Copied in binary: reading rows one by one takes longer than all that is done with them.
    """
    held = bytearray()
    skipped = HEADER
    sums = DatabaseSums()

    async def receive(data: bytes) -> None:
        nonlocal skipped
        held.extend(data)
        if len(held) >= skipped + PORTION * RECORD.itemsize:
            await take(sums.sound(_cut(held, skipped)))
            skipped = 0

    await connection.copy_from_query(sql.EVERYTHING.summed, reach, of, output=receive, format="binary")
    if len(held) >= skipped + RECORD.itemsize:
        await take(sums.sound(_cut(held, skipped)))
    async for facts in sums.singly(connection, sql.EVERYTHING, reach, of):
        await take(facts)


def _cut(held: bytearray, skipped: int) -> Table:
    """Take the whole records out of what was received."""
    count = (len(held) - skipped) // RECORD.itemsize
    records = np.frombuffer(bytes(held[skipped : skipped + count * RECORD.itemsize]), RECORD)
    del held[: skipped + count * RECORD.itemsize]
    return np.stack([records[name].astype(np.int64) for name in ("cell", "measure", "day", "delta")], axis=1)


class Wanted(NamedTuple):
    """Facts of cells, by the class of each; ``measures`` None is all of them. Those before ``reach`` count as on it.

    With ``everywhere`` the cells are all there are. ``known_at`` leaves out what was taken in later, ``without`` what
    these batches added.
    """

    classes: Mapping[int, int]
    measures: frozenset[int] | None
    reach: int
    last: int
    everywhere: bool = False
    known_at: datetime | None = None
    without: Sequence[int] = ()


async def of_cells(connection: asyncpg.Connection, wanted: Wanted) -> AsyncIterator[Table]:
    """Facts summed by class, measure and day, in portions; needs a transaction."""
    if wanted.classes:
        query, *more = _of_cells(wanted)
        async for facts in _summed(connection, query, *_arguments(wanted), *more):
            yield facts


def _of_cells(wanted: Wanted) -> tuple[Query, *tuple[object, ...]]:
    if wanted.known_at:
        return sql.OF_CELLS_THEN, wanted.known_at
    return (sql.OF_CELLS_BUT, wanted.without) if wanted.without else (sql.OF_CELLS,)


async def of_cells_since(connection: asyncpg.Connection, wanted: Wanted) -> AsyncIterator[Table]:
    """Those that were taken in later than ``known_at``, with the place of their batch in order first."""
    if wanted.classes:
        async for facts in _summed(connection, sql.OF_CELLS_SINCE, *_arguments(wanted), wanted.known_at):
            yield facts


async def of_cells_by_day(connection: asyncpg.Connection, wanted: Wanted, zone: str) -> AsyncIterator[Table]:
    """The same, with the day on which they were taken in, by the calendar of a zone, first."""
    if wanted.classes:
        async for facts in _summed(connection, sql.OF_CELLS_BY_DAY, *_arguments(wanted), zone):
            yield facts


async def first_taken_in(connection: asyncpg.Connection, zone: str) -> int:
    """The day on which anything was taken in first; before anything was, today."""
    day: int = await connection.fetchval(sql.FIRST_TAKEN_IN, zone)
    return day


async def met_by_day(connection: asyncpg.Connection, zone: str, loaded: int) -> dict[int, int]:
    """By cell the first day on which anything was taken in of it; of what was by ``loaded``, the day it is about."""
    return {r[0]: r[1] for r in await connection.fetch(sql.MET_BY_DAY, zone, loaded)}


async def met_of(connection: asyncpg.Connection, zone: str, loaded: int, cells: Sequence[int]) -> dict[int, int]:
    """The same of some cells; what was taken back by ``loaded`` does not count."""
    return {r[0]: r[1] for r in await connection.fetch(sql.MET_OF, zone, loaded, cells)}


async def definitions_by_day(connection: asyncpg.Connection, zone: str) -> list[tuple[int, str, list[Entry]]]:
    """All definitions of each unit, whenever there were others, with the day on which these were taken in."""
    rows = await connection.fetch(sql.UNITS_BY_DAY, zone)
    return [(r["known"], r["ref"], _entries.decode(r["definitions"])) for r in rows]


async def coverage_by_day(connection: asyncpg.Connection, zone: str) -> list[tuple[int, Reported, int]]:
    """Since when sources tell of what, with the day on which that was taken in."""
    rows = await connection.fetch(sql.COVERAGE_BY_DAY, zone)
    return [(known, Reported(*one), day) for known, *one, day in rows]


def _arguments(wanted: Wanted) -> list[object]:
    first = min(wanted.classes) - 1
    classes: list[int | None] = [None] * (max(wanted.classes) - first)
    for cell, number in wanted.classes.items():
        classes[cell - first - 1] = number
    cells = None if wanted.everywhere else list(wanted.classes)
    measures = None if wanted.measures is None else sorted(wanted.measures)
    return [classes, first, wanted.reach, cells, measures, wanted.last]


async def _portions(connection: asyncpg.Connection, query: str, *arguments: object) -> AsyncIterator[Table]:
    cursor = await connection.cursor(query, *arguments)
    while rows := await cursor.fetch(PORTION):
        yield np.array([tuple(r) for r in rows], np.int64)


async def _summed(connection: asyncpg.Connection, query: Query, *arguments: object) -> AsyncIterator[Table]:
    """Facts summed by all columns but the last; where 64 bits may not hold the sum, one by one."""
    sums = DatabaseSums()
    async for facts in _portions(connection, query.summed, *arguments):
        yield sums.sound(facts)
    async for facts in sums.singly(connection, query, *arguments):
        yield facts


class DatabaseSums:
    """Sums by PostgreSQL, and which of them are too large."""

    def __init__(self) -> None:
        """None so far."""
        self._too_large: list[Table] = []

    def sound(self, facts: Table) -> Table:
        """Those that are not too large; what makes up the others comes later, one by one."""
        too_large = facts[:, -1] == sql.TOO_LARGE
        if not too_large.any():
            return facts
        self._too_large.append(facts[too_large, :-1])
        return np.asarray(facts[~too_large])

    async def singly(self, connection: asyncpg.Connection, query: Query, *arguments: object) -> AsyncIterator[Table]:
        """The facts that make up what was too large."""
        if self._too_large:
            places = np.concatenate(self._too_large)
            measures = np.unique(places[:, -2]).tolist()
            async for facts in _portions(connection, query.single, *arguments, measures):
                _, alike = np.unique(np.concatenate((places, facts[:, :-1])), axis=0, return_inverse=True)
                yield facts[np.isin(alike[len(places) :], alike[: len(places)])]


async def counting(
    connection: asyncpg.Connection,
    measures: frozenset[int],
    without: Sequence[int],
    reach: int = FIRST_DAY,
    of: Sequence[int] | None = None,
    everywhere: frozenset[int] = frozenset(),
) -> AsyncIterator[Table]:
    """All facts of some measures but those that some batches added, in portions; needs a transaction.

    Those before ``reach`` count as on it. With ``of``, those of these cells, and of the measures ``everywhere`` all.
    """
    asked = sorted(measures), without, reach, of, sorted(everywhere)
    async for facts in _summed(connection, sql.ALL_BUT, *asked):
        yield facts


async def added(
    connection: asyncpg.Connection, measures: frozenset[int], batches: Sequence[int]
) -> AsyncIterator[Table]:
    """The facts of some measures that some batches added, in portions; needs a transaction."""
    async for facts in _portions(connection, sql.SOME_OF, sorted(measures), batches):
        yield facts


async def employments(connection: asyncpg.Connection) -> AsyncIterator[list[tuple[str, Stored]]]:
    """Everybody's employments, as their records keep them, with whose they are, in portions; needs a transaction."""
    cursor = await connection.cursor(sql.EMPLOYMENTS, JOB)
    while rows := await cursor.fetch(PORTION):
        yield [(str(subject).partition("/")[2], Stored(*row)) for subject, *row in map(tuple, rows)]


async def mark(connection: asyncpg.Connection) -> Mark:
    """How far the ledger reaches as this transaction sees it; raises RulesError if a later release has counted it."""
    snapshot, rules = await connection.fetchrow(sql.SNAPSHOT)
    if rules > RULES:
        raise RulesError(rules)
    return Mark(snapshot)


async def revision(connection: asyncpg.Connection, known_at: datetime | None = None) -> int:
    """The place of the last batch in the order of commits, or of the last that was taken in by an earlier time."""
    number: int = await connection.fetchval(sql.REVISION, known_at)
    return number


async def published(connection: asyncpg.Connection) -> int:
    """The place in the order of commits as of which values were last published; 0 before any were."""
    place: int = await connection.fetchval(PUBLISHED_TO)
    return place


async def held(connection: asyncpg.Connection) -> frozenset[str]:
    """The units whose values were held back when values were last published."""
    return frozenset(await connection.fetchval(HELD) or ())


async def since(connection: asyncpg.Connection, seen: Mark) -> News:
    """What was committed since a mark; needs a transaction that sees one state throughout.

    Without batches the mark stays where it is: cells are committed before the first batch that has facts of them, and
    whoever reads them with a batch must not have passed them by.
    """
    now = await mark(connection)
    rows = await connection.fetch(sql.COMMITTED_SINCE, seen.snapshot)
    batches = [r["id"] for r in rows]
    last = max((r["seq"] for r in rows), default=0)
    events, tree_changed = sum(r["events"] for r in rows), any(r["tree"] for r in rows)
    return News(now if rows else seen, batches, events, tree_changed, last, 0 in batches and seen != NOTHING)


async def positions(connection: asyncpg.Connection, topic: str) -> dict[int, int | None]:
    """By partition, the offset up to which it is folded; None of one that stands still until it is realigned."""
    return dict(map(tuple, await connection.fetch(sql.FOLDED, topic)))


async def of_batches(connection: asyncpg.Connection, batches: list[int], reach: int) -> AsyncIterator[Table]:
    """All facts of some batches, in portions; needs a transaction."""
    async for rows in _portions(connection, sql.FACTS_OF, batches, reach):
        yield rows


async def cells(connection: asyncpg.Connection, seen: Mark = NOTHING) -> list[tuple[int, Cell]]:
    """Cells by number, those committed since a mark."""
    return [(number, Cell(*cell)) for number, *cell in await connection.fetch(sql.CELLS, seen.snapshot)]


async def met(connection: asyncpg.Connection, measures: frozenset[int]) -> list[int]:
    """The cells that have facts of some measures, or of any bin of pay."""
    return [r["id"] for r in await connection.fetch(sql.MET, sorted(measures), FIRST_PAY_BIN)]


async def coverage(connection: asyncpg.Connection, batches: Sequence[int] | None = None) -> dict[Reported, int]:
    """Since when sources tell of what: all of it, or what some batches added."""
    return {Reported(*one): day for *one, day in await connection.fetch(sql.COVERAGE, batches)}


async def coverage_then(connection: asyncpg.Connection, known_at: datetime) -> dict[Reported, int]:
    """As it was known at an earlier time."""
    return {Reported(*one): day for *one, day in await connection.fetch(sql.COVERAGE_THEN, known_at)}


async def definitions(connection: asyncpg.Connection, known_at: datetime | None = None) -> dict[str, list[Entry]]:
    """Every unit's definitions, as they are or as they were known at an earlier time."""
    rows = await (connection.fetch(sql.UNITS_THEN, known_at) if known_at else connection.fetch(sql.UNITS))
    return {r["ref"]: _entries.decode(r["definitions"]) for r in rows}


async def definitions_told(connection: asyncpg.Connection, seen: Mark) -> dict[str, list[Entry]]:
    """The definitions of all units heard of as of a mark; of one that was staffed, or named as above another, none."""
    staffed = [row["unit"] for row in await connection.fetch(UNITS_STAFFED, seen.snapshot)]
    rows = await connection.fetch(UNITS_TOLD, seen.snapshot)
    defined = {r["ref"]: _entries.decode(r["definitions"]) for r in rows}
    return {**{unit: [] for unit in (*staffed, *above(defined.values()))}, **defined}


async def came(connection: asyncpg.Connection, batches: list[int]) -> dict[int, datetime]:
    """When each of some batches was taken in, by their place in the order of commits."""
    return {r["seq"]: r["at"] for r in await connection.fetch(sql.CAME, batches)}


async def causes(connection: asyncpg.Connection, batches: list[int]) -> defaultdict[int, list[StoredCause]]:
    """The causes of some batches, by their place in the order of commits."""
    found = defaultdict(list)
    for batch, *cause in await connection.fetch(sql.CAUSES, batches):
        found[batch].append(StoredCause(*cause))
    return found


async def anomalies(connection: asyncpg.Connection, batches: list[int] | None = None) -> dict[str, int]:
    """Contradictions on record, by kind: all of them, or what some batches added."""
    return {r["kind"]: r["sum"] for r in await connection.fetch(sql.COUNT_ANOMALIES, batches)}
