"""Who is there, kept in memory as the ledger tells it, so that whose health may be spoken of is decided quickly."""

import asyncio
from collections.abc import Mapping, Sequence

import asyncpg
import numpy as np

from services.metrics import ledger
from services.metrics.domain.cell import FOREVER, Cell
from services.metrics.domain.decisions import Decisions
from services.metrics.domain.groups import Group
from services.metrics.domain.kernels import Deltas, Ints, Window
from services.metrics.domain.linked_tables import Mask
from services.metrics.domain.staff import MEASURES
from services.metrics.domain.tree import Tree

TREES_KEPT = 3

Parents = frozenset[tuple[str, str]]


class Secrecy:
    """The facts of who is there, and what was decided from them, for each of the last few unit trees."""

    def __init__(self) -> None:
        """Nothing read: what nobody asks about takes no room."""
        self._facts = Deltas(*np.zeros((4, 0), np.int64))
        self._seen = ledger.NOTHING
        self._decisions: dict[Parents, Decisions] = {}
        self._changed = FOREVER
        self._looking, self._deciding = asyncio.Lock(), asyncio.Lock()

    async def hidden(
        self, cells: Mapping[int, Cell], placed: Tree, groups: Sequence[Group], days: Ints, window: Window
    ) -> Mask:
        """Where (groups × days) health may not be spoken of, as of the last look; ``cells`` are all, by number.

        Days that were not decided on yet take a while: no connection should wait for it.
        """
        async with self._deciding:
            decisions = self._of(placed)
            return await asyncio.to_thread(decisions.hidden, cells, self._facts, groups, days, window)

    async def look(self, connection: asyncpg.Connection) -> None:
        """Take in what was committed since the last look; a connection that sees less than that changes nothing."""
        async with self._looking:
            await self._look(connection)

    async def _look(self, connection: asyncpg.Connection) -> None:
        if self._seen is ledger.NOTHING:
            mark, batches = await ledger.mark(connection), None
        else:
            mark, batches, *_ = await ledger.since(connection, self._seen)
        if batches != []:
            portions = [Deltas(*rows.T) async for rows in ledger.counting(connection, MEASURES, batches)]
            self._changed = min([self._changed, *(int(facts.days.min()) for facts in portions)])
            self._facts = Deltas(*map(np.concatenate, zip(self._facts, *portions, strict=True)))
            self._seen = mark

    def _of(self, placed: Tree) -> Decisions:
        """The decisions that still hold."""
        for decisions in self._decisions.values():
            decisions.forget(self._changed)
        self._changed = FOREVER
        parents = frozenset(placed.parents.items())
        self._decisions[parents] = self._decisions.pop(parents) if parents in self._decisions else Decisions(placed)
        for oldest in list(self._decisions)[:-TREES_KEPT]:
            del self._decisions[oldest]
        return self._decisions[parents]
