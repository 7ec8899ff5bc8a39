"""Keeping the board: all facts once, then what was committed since; a new day's sums; a new board for another tree.

Nothing is computed while PostgreSQL waits within a transaction, except as fast as it sends: it ends who lets it wait.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import asyncpg
import structlog

from services.metrics import ledger
from services.metrics.domain.board import Board, Sheet
from services.metrics.domain.cell import UNSOUND, Cell
from services.metrics.domain.entry import Entry
from services.metrics.domain.tree import CONTRADICTIONS
from services.metrics.domain.trees import Trees
from services.metrics.ledger import NOTHING, News, Table

log = structlog.get_logger()


class Read(NamedTuple):
    """What was read of one state of the ledger; ``fresh`` are the sums of a new day, if one has begun.

    ``elsewhere`` says that the unit tree places somebody elsewhere than the board does.
    """

    news: News
    cells: Sequence[tuple[int, Cell]] = ()
    facts: Sequence[Table] = ()
    anomalies: Mapping[str, int] = MappingProxyType({})
    fresh: Sheet | None = None
    elsewhere: bool = False


class Keeper:
    """The board of the replica that leads, and how far it has read."""

    def __init__(self, connection: asyncpg.Connection, window: int, norm: float) -> None:
        """Nothing is read before ``make``."""
        self._connection, self._window, self._norm = connection, window, norm
        self._seen = NOTHING
        self._counted: Counter[str] = Counter()
        self._unsound = 0
        self.board = Board(Trees({}), 1_000, window, norm)

    @property
    def anomalies(self) -> dict[str, int]:
        """Contradictions on record by kind, those in today's tree, and cells that are in no sum."""
        contradictions = {kind: self.board.tree.contradictions.get(kind, 0) for kind in CONTRADICTIONS}
        return {**self._counted, **contradictions, UNSOUND: self._unsound}

    async def make(self, today: int, old: Board | None = None) -> None:
        """A board of all facts, as one state of the database has them, in the place of an old one if there is one."""
        async with self._connection.transaction(isolation="repeatable_read", readonly=True):
            self._seen = await ledger.mark(self._connection)
            trees = Trees(await ledger.definitions(self._connection))
            self.board = made = await asyncio.to_thread(Board, trees, today, self._window, self._norm)
            if old:
                made.follow(old)
            made.know(await ledger.cells(self._connection))
            await ledger.everything(self._connection, made.reach, lambda facts: asyncio.to_thread(made.add, facts))
            self._counted = Counter(await ledger.anomalies(self._connection))
        self._tell()

    async def look(self, today: int) -> News:
        """Bring the board up to date: with what was committed, and with the day."""
        async with self._connection.transaction(isolation="repeatable_read", readonly=True):
            read = await self._read(today)
        if read.elsewhere:
            await self.make(today, self.board)
        else:
            await self._take(read, today)
        return read.news

    async def _read(self, today: int) -> Read:
        connection, board = self._connection, self.board
        news = await ledger.since(connection, self._seen)
        read = Read(news)
        if news.batches:
            cells = await ledger.cells(connection, self._seen)
            facts = [some async for some in ledger.of_batches(connection, news.batches, board.reach)]
            read = Read(news, cells, facts, await ledger.anomalies(connection, news.batches))
            board.know(cells)
        if news.tree_changed or today != board.today:
            return await self._turned(read, await ledger.definitions(connection), today)
        return read

    async def _turned(self, read: Read, definitions: Mapping[str, list[Entry]], today: int) -> Read:
        """With what a new day or another tree calls for."""
        board = self.board
        trees = await asyncio.to_thread(Trees, definitions)
        if not board.places_alike(await asyncio.to_thread(trees.on, today)):
            return read._replace(elsewhere=True)
        board.rename(trees, today)
        if today == board.today:
            return read
        fresh = board.ahead(today)
        await ledger.everything(
            self._connection, fresh.reach, lambda facts: asyncio.to_thread(board.prepare, fresh, facts)
        )
        return read._replace(fresh=fresh)

    async def _take(self, read: Read, today: int) -> None:
        for facts in read.facts:
            await asyncio.to_thread(self.board.add, facts)
        if read.fresh:
            await asyncio.to_thread(self.board.turn, today, read.fresh)
        self._seen = read.news.mark
        self._counted.update(read.anomalies)
        if read.cells:
            self._tell()

    def _tell(self) -> None:
        """Say once of each cell that it is in no sum."""
        unsound = len(self.board.unsound)
        if unsound > self._unsound:
            log.error("cells are in no sum: a part of each has the name of a whole", cells=unsound)
        self._unsound = unsound
