"""Who is there, kept in memory as the ledger tells it, so that whose health may be spoken of is decided quickly."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from threading import Lock

import asyncpg

from services.metrics import ledger
from services.metrics.domain.cell import FOREVER, Cell
from services.metrics.domain.decisions import Decision, Decisions
from services.metrics.domain.kernels import Deltas
from services.metrics.domain.merging import Merging
from services.metrics.domain.staff import MEASURES
from services.metrics.domain.tree import Tree

TREES_KEPT = 3

Parents = frozenset[tuple[str, str]]


class Secrecy:
    """The facts of who is there, and what was decided from them, for each of the last few unit trees.

    ``look`` is called on the event loop, ``decision`` from any thread; they meet in the queue of what arrived.
    """

    def __init__(self) -> None:
        """Nothing read: what nobody asks about takes no room."""
        self._arrived: deque[Deltas] = deque()
        self._seen = ledger.NOTHING
        self._looking, self._deciding = asyncio.Lock(), Lock()
        self._people = Merging()
        self._decisions: dict[Parents, Decisions] = {}

    @property
    def size(self) -> int:
        """How many facts and decisions are kept, for whoever watches that they are bounded."""
        return len(self._people.facts.cells) + sum(map(len, self._decisions.values()))

    def decides(self, placed: Tree, decided_on: tuple[int, int]) -> bool:
        """Whether a day would have to be decided, as far as can be told without waiting."""
        known = self._decisions.get(_parents(placed))
        changed = min((int(facts.days.min()) for facts in self._arrived.copy()), default=FOREVER)
        return known is None or decided_on[0] >= changed or not known.knows(decided_on)

    def decision(self, cells: Callable[[], Mapping[int, Cell]], placed: Tree, day: int, traced: int) -> Decision:
        """Whose health may not be spoken of on a day, as of the last look; ``cells`` are all by then, by number."""
        with self._deciding:
            self._take_in()
            return self._of(placed).decision(cells(), self._people.facts, day, traced)

    async def look(self, connection: asyncpg.Connection) -> None:
        """Take in what was committed since the last look; a connection that sees less than that changes nothing."""
        async with self._looking:
            if self._seen is ledger.NOTHING:
                mark, batches = await ledger.mark(connection), None
            else:
                mark, batches, *_ = await ledger.since(connection, self._seen)
            if batches != []:
                portions = [Deltas(*rows.T) async for rows in ledger.counting(connection, MEASURES, batches)]
                self._arrived.extend(portions)
                self._seen = mark

    def _take_in(self) -> None:
        """Add what arrived, and forget what was decided of days from then on."""
        portions = []
        while self._arrived:
            portions.append(self._arrived.popleft())
        if not portions:
            return
        changed = min((int(facts.days.min()) for facts in portions), default=FOREVER)
        for decisions in self._decisions.values():
            decisions.forget(changed)
        self._people.add(portions)

    def _of(self, placed: Tree) -> Decisions:
        """The decisions that still hold."""
        parents = _parents(placed)
        self._decisions[parents] = self._decisions.pop(parents) if parents in self._decisions else Decisions(placed)
        for oldest in list(self._decisions)[:-TREES_KEPT]:
            del self._decisions[oldest]
        return self._decisions[parents]


def _parents(placed: Tree) -> Parents:
    return frozenset(placed.parents.items())
