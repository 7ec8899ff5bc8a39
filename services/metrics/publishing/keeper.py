"""Keeping the book: all facts once, then what was committed since; a new day's sums; a new book for another tree.

Nothing is computed while PostgreSQL waits within a transaction, except as fast as it sends: it ends who lets it wait.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import asyncpg
import structlog

from services.metrics.domain.disclosure.basis import COUNTED
from services.metrics.domain.disclosure.monthly import HEARD
from services.metrics.domain.disclosure.remembered import Remembered
from services.metrics.domain.facts.cell import UNSOUND, Cell
from services.metrics.domain.sums.periods import month_of
from services.metrics.domain.sums.shard import WHOLE, Shard
from services.metrics.domain.sums.touched import touched
from services.metrics.domain.sums.tree import CONTRADICTIONS, Trees
from services.metrics.domain.sums.windows import WindowLength
from services.metrics.domain.values.book import SUMMED, Book
from services.metrics.domain.values.closed import IN_CLOSED_UNIT
from services.metrics.domain.values.sheet import Sheet
from services.metrics.ledger import anomalies, copies, deliveries, telling
from services.metrics.ledger import reading as ledger
from services.metrics.ledger.copies import Copy
from services.metrics.ledger.deliveries import Deliveries
from services.metrics.ledger.reading import NOTHING, Mark, News, Table
from services.metrics.ledger.telling import Watermark
from services.metrics.ledger.term import Term
from services.metrics.publishing.quiet import Quiet
from shared.contracts.metrics import ALL
from shared.contracts.tenants import ALONE, Tenant
from shared.contracts.topics import HR_EVENTS

log = structlog.get_logger()

NOTHING_TOLD = Watermark(NOTHING, 0, [])

DAY = 2
"""The column of a fact's day."""


class Told(NamedTuple):
    """What the leader of the first shard has told of since: the facts, what stays, in which trees."""

    facts: Sequence[Table]
    remembered: Remembered
    trees: Trees


class BoardNews(NamedTuple):
    """What was read of one state of the ledger, in which partitions were ``folded`` so far and ``deliveries`` not over.

    ``fresh`` are the sums of a new day, if one has begun.

    ``heard`` is what matters to health, ``was_told`` what of it an earlier leader has told of, ``told`` what the leader
    of another shard has. ``anew`` says that another book is needed: another month has begun, the unit tree places
    somebody elsewhere, or what is new was merged with what was there.
    """

    news: News
    folded: Mapping[int, int | None]
    deliveries: Deliveries
    cells: Sequence[tuple[int, Cell]] = ()
    facts: Sequence[Table] = ()
    heard: Sequence[Table] = ()
    was_told: Sequence[Table] = ()
    anomalies: Mapping[str, int] = MappingProxyType({})
    fresh: Sheet | None = None
    anew: bool = False
    told: Told | None = None


class Keeper:
    """The book of the replica that leads a shard, and how far it has read.

    Whoever leads the first shard tells of health, the others follow what was told: they hear nothing themselves.
    """

    def __init__(
        self,
        connection: asyncpg.Connection,
        window: WindowLength,
        norm: float,
        settle: float = 0.0,
        patience: float = 0.0,
        tenant: Tenant = ALONE,
        shard: Shard = WHOLE,
    ) -> None:
        """Nothing is read before ``make``; ``settle`` is how many seconds the past has to rest before it is told,
        ``patience`` for how many a delivery is waited for.
        """
        self._connection, self._window, self._norm = connection, window, norm
        self._topic = tenant.topic(HR_EVENTS).name
        self.shard = shard
        self._quiet, self._patience = Quiet(settle), patience
        self._seen = NOTHING
        self._copied_of: Mark | None = None
        self.folded: Mapping[int, int | None] = {}
        """How far each partition was folded in the state that the book has (see ``ledger.positions``)."""
        self.revision = 0
        """The place in the order of commits of the last batch that the book has."""
        self.deliveries = deliveries.NONE
        """Those that were open in that state, and those to be ended."""
        self._counted: Counter[str] = Counter()
        self._unsound = 0
        self._in_closed_units = 0
        self._told = NOTHING_TOLD
        self.book = Book(Trees({}), 1_000, window, norm)

    @property
    def anomalies(self) -> dict[str, int]:
        """Contradictions on record by kind, those in today's tree, who is in closed units, and cells in no sum."""
        contradictions = {kind: self.book.tree.contradictions.get(kind, 0) for kind in CONTRADICTIONS}
        closed = {IN_CLOSED_UNIT: self.book.in_closed_units if self.shard.is_whole else self._in_closed_units}
        return {**self._counted, **contradictions, **closed, UNSOUND: self._unsound}

    @property
    def telling(self) -> int | None:
        """The number of the telling that the book follows; None where it tells itself."""
        return None if self.shard.is_first else self._told.number

    async def make(self, today: int, old: Book | None = None) -> None:
        """A book of all facts, as one state of the database has them, in the place of an old one if there is one."""
        async with self._connection.transaction(isolation="repeatable_read", readonly=True):
            self._seen, self._copied_of = await ledger.mark(self._connection), None
            self.folded = await ledger.positions(self._connection, self._topic)
            self.revision = await ledger.revision(self._connection)
            self.deliveries = await deliveries.begun(self._connection, self._patience)
            trees, kept = await telling.trees(self._connection), await telling.remembered(self._connection)
            self.book = made = await asyncio.to_thread(Book, trees, today, self._window, self._norm, kept, self.shard)
            if old:
                made.follow(old)
            made.know(await ledger.cells(self._connection))
            made.cover(await ledger.coverage(self._connection))
            self._placed(made)
            await self._meet(made)
            await self._hear(made, kept.until)
            await ledger.everything(
                self._connection, made.reach, lambda facts: asyncio.to_thread(made.sum, facts), self._counted_in(made)
            )
            made.trim()
            await self._count_in_closed_units(made, today)
            self._counted = Counter(await ledger.anomalies(self._connection))
        self._warn()

    async def resume(self, copy: Copy) -> None:
        """The book that an earlier leader left a copy of; the next look brings it up to date.

        Raises DamagedError.
        """
        async with self._connection.transaction(isolation="repeatable_read", readonly=True):
            trees, kept = await telling.trees(self._connection), await telling.remembered(self._connection)
            today = copy.today.toordinal()
            self.book = made = await asyncio.to_thread(Book, trees, today, self._window, self._norm, kept)
            made.know(await ledger.cells(self._connection))
            async for part in copies.parts(self._connection, copy):
                await asyncio.to_thread(made.put_back, part)
            made.owe(await copies.told(self._connection))
            made.cover(await ledger.coverage(self._connection))
            self._placed(made)
        self._seen, self._copied_of, self.revision = copy.mark, copy.told, copy.revision
        self._warn()

    @property
    def mark(self) -> Mark:
        """How far the ledger is read."""
        return self._seen

    async def _meet(self, made: Book) -> None:
        """Of what lies outside the shard no facts will come, and yet it has a part in what is decided among all."""
        if not self.shard.is_whole:
            made.meet(await ledger.met(self._connection, SUMMED | HEARD))

    def _counted_in(self, book: Book) -> Sequence[int] | None:
        return None if self.shard.is_whole else book.counted

    async def _count_in_closed_units(self, book: Book, today: int) -> None:
        """The units below a closed one may be in other shards, so that no book knows who works in it itself."""
        if self.shard.is_first and not self.shard.is_whole:
            found = await anomalies.work_in(self._connection, book.tree.closed, today)
            self._in_closed_units = sum(found.values())

    async def _hear(self, made: Book, until: int) -> None:
        """What was told of health rests on what was there then; where nothing was, on everything."""
        if not self.shard.is_first:
            await self._rest_on_what_was_told(made)
            return
        later = (await telling.watermark(self._connection)).later if until else []
        async for facts in ledger.counting(self._connection, HEARD, later):
            await asyncio.to_thread(made.rest_on, facts)
        async for facts in ledger.added(self._connection, HEARD, later):
            self._came(facts, made.today)
            await asyncio.to_thread(made.hear, facts)

    async def _rest_on_what_was_told(self, made: Book) -> None:
        self._told = await telling.watermark(self._connection)
        if self._told.number:
            ours, later = self._counted_in(made), self._told.later
            async for facts in ledger.counting(self._connection, HEARD, later, of=ours, everywhere=COUNTED):
                await asyncio.to_thread(made.rest_on, facts)

    def _came(self, facts: Table, today: int) -> None:
        if len(facts) and int(facts[:, DAY].min()) < month_of(today).first:
            self._quiet.came()

    def _placed(self, book: Book) -> None:
        if self.shard.is_first and book.waits_for_tree:
            self._quiet.came()

    @property
    def waits(self) -> bool:
        """Whether something of the past has come that was not told of yet."""
        return self._quiet.waits

    @property
    def has_to_tell(self) -> bool:
        """Whether something of the past has come that may be told of by now."""
        return self._quiet.waits and self._quiet.is_settled

    async def tell(self, term: Term) -> None:
        """Go over to what was heard of health if it has settled, once what has to stay as it was told is remembered."""
        if self.shard.is_first and self._quiet.is_settled:
            told = await asyncio.to_thread(self.book.tell)
            await telling.remember(self._connection, term, self._seen, told)
            self._quiet.told()

    @property
    def touched(self) -> frozenset[str]:
        """The units that open deliveries touch, and all above them."""
        moved = frozenset[str]().union(*(one.units for one in self.deliveries.open))
        return touched(moved, self.book.tree, self.book.everywhere if ALL in moved else ())

    async def end_deliveries(self) -> None:
        """Remember which deliveries are over."""
        await deliveries.end(self._connection, self.deliveries)

    async def look(self, today: int) -> News:
        """Bring the book up to date: with what was committed, and with the day."""
        async with self._connection.transaction(isolation="repeatable_read", readonly=True):
            read = await self._read(today)
        if read.anew:
            await self.make(today, self.book)
        else:
            await self._take(read, today)
        return read.news

    async def _read(self, today: int) -> BoardNews:
        connection, book = self._connection, self.book
        news = await ledger.since(connection, self._seen)
        folded = await ledger.positions(connection, self._topic)
        read = BoardNews(news, folded, await deliveries.begun(connection, self._patience))
        copied = await ledger.since(connection, self._copied_of) if self._copied_of else None
        if news.merged or (copied and copied.merged):
            return read._replace(anew=True)
        if news.batches:
            self.revision = news.revision
            cells = await ledger.cells(connection, self._seen)
            facts = [some async for some in ledger.of_batches(connection, news.batches, book.reach)]
            found = await ledger.anomalies(connection, news.batches)
            read = read._replace(cells=cells, facts=facts, anomalies=found)
            book.know(cells)
            book.cover(await ledger.coverage(connection, news.batches))
        if self._copied_of:
            read = read._replace(anomalies=await ledger.anomalies(connection))
        heard, was_told = await self._of_months(news, copied)
        read = read._replace(
            heard=[some async for some in ledger.added(connection, HEARD, heard)],
            was_told=[some async for some in ledger.added(connection, HEARD, was_told)],
        )
        if news.tree_changed or today != book.today:
            read = await self._turned(read, await telling.trees(connection), today)
        if news.batches or today != book.today:
            await self._count_in_closed_units(book, today)
        return read if read.anew or self.shard.is_first else await self._told_since(read)

    async def _told_since(self, read: BoardNews) -> BoardNews:
        """With what another has told of; all that was told the first time is read as a book is."""
        connection, before = self._connection, self._told
        if await telling.number(connection) == before.number:
            return read
        if not before.number:
            return read._replace(anew=True)
        self._told = now = await telling.watermark(connection)
        news = await ledger.since(connection, before.mark)
        batches = sorted(set(news.batches) - set(now.later))
        facts = [some async for some in ledger.added(connection, HEARD, batches)]
        told = Told(facts, await telling.remembered(connection), await telling.trees(connection))
        return read._replace(told=told)

    async def _of_months(self, news: News, copied: News | None) -> tuple[Sequence[int], Sequence[int]]:
        """The batches that are news of months, and those that an earlier leader has told of since the book's copy."""
        if copied is None:
            return (news.batches if self.shard.is_first else ()), ()
        later = (await telling.watermark(self._connection)).later
        return later, sorted(set(copied.batches) - set(later))

    async def _turned(self, read: BoardNews, trees: Trees, today: int) -> BoardNews:
        """With what a new day or another tree calls for."""
        book = self.book
        if month_of(today) != month_of(book.today):
            return read._replace(anew=True)
        if not book.places_alike(await asyncio.to_thread(trees.on, today)):
            return read._replace(anew=True)
        book.rename(trees, today)
        self._placed(book)
        if today == book.today:
            return read
        fresh = book.ahead(today)
        await ledger.everything(
            self._connection,
            fresh.reach,
            lambda facts: asyncio.to_thread(book.prepare, fresh, facts),
            self._counted_in(book),
        )
        return read._replace(fresh=fresh)

    async def _take(self, read: BoardNews, today: int) -> None:
        for facts in read.facts:
            await asyncio.to_thread(self.book.sum, facts)
        for facts in read.was_told:
            await asyncio.to_thread(self.book.was_told, facts)
        for facts in read.heard:
            self._came(facts, today)
            await asyncio.to_thread(self.book.hear, facts)
        if read.fresh:
            await asyncio.to_thread(self.book.turn, today, read.fresh)
        if read.told:
            await asyncio.to_thread(self.book.follow_telling, *read.told)
        if self._copied_of:
            self._counted, self._copied_of = Counter(), None
        self._seen, self.folded, self.deliveries = read.news.mark, read.folded, read.deliveries
        self._counted.update(read.anomalies)
        if read.cells:
            self._warn()

    def _warn(self) -> None:
        """Say once of each cell that it is in no sum."""
        unsound = len(self.book.unsound)
        if unsound > self._unsound:
            log.error("cells are in no sum: a part of each has the name of a whole", cells=unsound)
        self._unsound = unsound
