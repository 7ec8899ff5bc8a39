"""Who is there, kept in memory as the ledger tells it, so that whose health may be spoken of is decided quickly."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from threading import Lock

import asyncpg

from services.metrics import ledger
from services.metrics.domain.cell import FOREVER, Cell
from services.metrics.domain.decisions import Decisions, People
from services.metrics.domain.groups import Group
from services.metrics.domain.kernels import Deltas
from services.metrics.domain.linked_tables import Mask
from services.metrics.domain.merging import Merging
from services.metrics.domain.months import Month
from services.metrics.domain.staff import MEASURES
from services.metrics.domain.tree import Tree
from services.metrics.domain.trees import Trees


class Secrecy:
    """The facts of who is there, and what was decided from them.

    ``look`` is called on the event loop, ``hidden`` from any thread; they meet in the queue of what arrived.
    """

    def __init__(self) -> None:
        """Nothing read: what nobody asks about takes no room."""
        self._arrived: deque[Deltas] = deque()
        self._seen = ledger.NOTHING
        self._looking, self._deciding = asyncio.Lock(), Lock()
        self._people = Merging()
        self._decisions = Decisions()

    @property
    def size(self) -> int:
        """How many facts and decisions are kept, for whoever watches that they are bounded."""
        return len(self._people.facts.cells) + len(self._decisions)

    def decides(self, month: Month) -> bool:
        """Whether a month would have to be decided, as far as can be told without waiting."""
        changed = min((int(facts.days.min()) for facts in self._arrived.copy()), default=FOREVER)
        return month.last >= changed or not self._decisions.knows(month)

    def hidden(
        self,
        cells: Callable[[], Mapping[int, Cell]],
        trees: Trees,
        placed: Tree,
        groups: Sequence[Group],
        month: Month,
    ) -> Mask:
        """Whose health may not be spoken of in a month, as of the last look; ``cells`` are all by then, by number."""
        with self._deciding:
            self._take_in()
            return self._decisions.month(People(cells(), self._people.facts, trees), groups, placed, month)

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
        self._decisions.forget(changed)
        self._people.add(portions)
