"""Following what is told: facts are read on the event loop as they are told of, and taken in by whoever asks next."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

import asyncpg

from services.metrics.domain.facts.cell import FOREVER
from services.metrics.domain.sums.kernels import Deltas
from services.metrics.ledger import reading as ledger
from services.metrics.ledger.telling import OutdatedError, Watermark

FROM_NOTHING = Watermark(ledger.NOTHING, 0, [])


class Came(NamedTuple):
    """Facts that are told of from a telling on."""

    number: int
    portions: list[Deltas]

    @property
    def first(self) -> int:
        """The first day that they are of."""
        return min((int(facts.days.min(initial=FOREVER)) for facts in self.portions), default=FOREVER)


class Following:
    """What was told of some measures, up to the latest telling.

    ``look`` is called on the event loop; ``take_in`` from one thread at a time. They meet in a queue.
    """

    def __init__(
        self, measures: frozenset[int], add: Callable[[Sequence[Deltas]], None], since: Watermark = FROM_NOTHING
    ) -> None:
        """``add`` takes facts in; those up to ``since`` it has."""
        self._measures, self._add = measures, add
        self._seen, self._number = since.mark, since.number
        self._told = since.number
        self._came: deque[Came] = deque()
        self._looking = asyncio.Lock()
        self.half = False
        """Whether facts were taken in by half, or merged before they were: all have to be read anew."""

    @property
    def first_to_come(self) -> int:
        """The first day that facts are of which are not taken in yet."""
        return min((came.first for came in self._came.copy()), default=FOREVER)

    async def look(self, connection: asyncpg.Connection, told: Watermark) -> None:
        """Read what has been told of since the last look; of an earlier telling, nothing."""
        async with self._looking:
            if told.number <= self._number:
                return
            if self._seen is ledger.NOTHING:
                found = ledger.counting(connection, self._measures, told.later)
            else:
                news = await ledger.since(connection, self._seen)
                if news.merged:
                    self.half = True
                    return
                found = ledger.added(connection, self._measures, sorted(set(news.batches) - set(told.later)))
            portions = [Deltas(*rows.T) async for rows in found]
            self._seen, self._number = told.mark, told.number
            self._came.append(Came(told.number, portions))

    def take_in(self, number: int) -> None:
        """Take in what came; raises OutdatedError unless that is as of the telling ``number``, and whole."""
        while self._came and not self.half:
            came = self._came.popleft()
            try:
                self._add(came.portions)
            except BaseException:
                self.half = True
                raise
            self._told = came.number
        if self.half or number != self._told:
            raise OutdatedError
