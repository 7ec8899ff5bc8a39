"""Sums of what is told by month, by cell, in memory: a question adds up those of its cells, PostgreSQL sums no facts.

They are loaded beside the questions, of which the first are answered from facts; from then on they follow what is told.
"""

import asyncio
from collections.abc import Sequence
from threading import Lock

import asyncpg

from services.metrics.answers.following import Following
from services.metrics.domain.disclosure.sums_by_cell import SumsByCell, latest
from services.metrics.domain.disclosure.told import MEASURES
from services.metrics.domain.sums.kernels import Deltas, Ints, Kernel
from services.metrics.domain.sums.periods import Month
from services.metrics.domain.sums.selection import Classes
from services.metrics.ledger import reading as ledger
from services.metrics.ledger import telling
from services.metrics.ledger.telling import Watermark


class SumsAtHand:
    """Sums of some months, as far as health was told; ``look`` is of the event loop, ``by_month`` of any thread."""

    def __init__(self, sums: SumsByCell, told: Watermark) -> None:
        """The sums as of a telling."""
        self.months = sums.months
        self._sums, self._adding = sums, Lock()
        self.following = Following(MEASURES, self._add, told)

    def by_month(self, number: int, alike: Classes, months: Sequence[Month]) -> dict[Kernel, Ints]:
        """The sums of groups as of a telling, by its number; raises OutdatedError when more has been told since."""
        with self._adding:
            self.following.take_in(number)
            return self._sums.by_month(alike.of, alike.belongs, len(alike.groups), months)

    def _add(self, portions: Sequence[Deltas]) -> None:
        for facts in portions:
            self._sums.add(facts)


class ReplicaSums:
    """The sums of one replica; what nobody asks about takes no room."""

    def __init__(self) -> None:
        """Nothing asked."""
        self._at_hand: SumsAtHand | None = None
        self._wanted = asyncio.Event()

    @property
    def loads(self) -> bool:
        """Whether sums are being loaded, or will be."""
        return self._wanted.is_set()

    async def look(
        self, connection: asyncpg.Connection, told: Watermark, until: int, months: Sequence[Month]
    ) -> SumsAtHand | None:
        """The sums as of a telling, if those of all the months are at hand; others are loaded for later questions."""
        if self._at_hand and self._at_hand.following.half:
            self._at_hand = None
        found = self._at_hand
        if until and (found is None or found.months[-1].last < until):
            self._wanted.set()
        if found is None or not set(months) <= set(found.months):
            return None
        await found.following.look(connection, told)
        return found

    async def keep(self, pool: asyncpg.Pool) -> None:
        """Load them whenever a question has found others at hand, or none."""
        while True:
            await self._wanted.wait()
            await self.load(pool)
            self._wanted.clear()

    async def load(self, pool: asyncpg.Pool) -> None:
        """Sum up what was told of the latest months, as one state of the ledger has it; those before are let go."""
        self._at_hand = None
        async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            told, until = await telling.watermark(connection), await telling.until(connection)
            if not until:
                return
            sums = SumsByCell(latest(until + 1))
            async for facts in ledger.counting(connection, MEASURES, told.later, sums.reach):
                await asyncio.to_thread(sums.add, Deltas(*facts.T))
        self._at_hand = SumsAtHand(sums, told)
