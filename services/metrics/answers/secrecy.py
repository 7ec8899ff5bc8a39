"""Who is there, and who answered, kept in memory as the ledger tells it: so who is hidden is decided quickly."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import NamedTuple

import asyncpg

from services.metrics.domain.disclosure.basis import BASES, COUNTED
from services.metrics.domain.disclosure.decisions import Decisions, MonthStanding, People
from services.metrics.domain.disclosure.remembered import Kept
from services.metrics.domain.facts.cell import FOREVER, Cell
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.kernels import Deltas
from services.metrics.domain.sums.merging import Merging
from services.metrics.domain.sums.periods import Month
from services.metrics.domain.sums.tree import Tree, Trees
from services.metrics.ledger import reading as ledger
from services.metrics.ledger.telling import OutdatedError, Watermark
from shared.contracts.catalogue.disclosure import ByMonth


class Came(NamedTuple):
    """Facts of who was there that are told of from a telling on."""

    number: int
    portions: list[Deltas]


class Secrecy:
    """The facts of who is counted, by kind, as far as anything was told of them, and what was decided from them.

    ``look`` is called on the event loop, ``standing`` from any thread; they meet in the queue of what came.
    """

    def __init__(self) -> None:
        """Nothing read: what nobody asks about takes no room."""
        self._looking, self._deciding = asyncio.Lock(), Lock()
        self._begin()

    def _begin(self) -> None:
        self._came: deque[Came] = deque()
        self._seen, self._number = ledger.NOTHING, 0
        self._people, self._told = {kind: Merging() for kind in BASES}, 0
        self._decisions = {kind: Decisions(basis) for kind, basis in BASES.items()}
        self._half = False

    @property
    def size(self) -> int:
        """How many facts and decisions are kept, for whoever watches that they are bounded."""
        return sum(len(self._people[kind].facts.cells) + len(self._decisions[kind]) for kind in BASES)

    def decides(self, month: Month) -> bool:
        """Whether a month would have to be decided, as far as can be told without waiting."""
        came = min(map(_first, self._came.copy()), default=FOREVER)
        return month.last >= came or not all(made.knows(month) for made in self._decisions.values())

    def standing(
        self,
        number: int,
        kind: ByMonth,
        cells: Callable[[], Mapping[int, Cell]],
        trees: Trees,
        placed: Tree,
        groups: Sequence[Group],
        month: Month,
        kept: Mapping[Group, Kept],
    ) -> MonthStanding:
        """How groups stand in a month as of a telling, by its number; ``cells`` are all by then, by number.

        Raises OutdatedError when more has been told since.
        """
        with self._deciding:
            self._take_in()
            if number != self._told:
                raise OutdatedError
            people = People(cells(), self._people[kind].facts, trees)
            return self._decisions[kind].standing(people, groups, placed, month, kept)

    async def look(self, connection: asyncpg.Connection, told: Watermark) -> None:
        """Take in what has been told of since the last look; of an earlier telling, nothing."""
        async with self._looking:
            if self._half:
                with self._deciding:
                    self._begin()
            if told.number <= self._number:
                return
            if self._seen is ledger.NOTHING:
                found = ledger.counting(connection, COUNTED, told.later)
            else:
                news = await ledger.since(connection, self._seen)
                found = ledger.added(connection, COUNTED, sorted(set(news.batches) - set(told.later)))
            portions = [Deltas(*rows.T) async for rows in found]
            self._seen, self._number = told.mark, told.number
            self._came.append(Came(told.number, portions))

    def _take_in(self) -> None:
        """Add what came, and forget what was decided of days from then on.

        What was added by half would decide wrongly: nothing is decided from it, and the next look reads all anew.
        """
        if self._half:
            raise OutdatedError
        while self._came:
            came = self._came.popleft()
            try:
                if came.portions:
                    self._add(came)
            except BaseException:
                self._half = True
                raise
            self._told = came.number

    def _add(self, came: Came) -> None:
        for kind, basis in BASES.items():
            portions = [facts.of(basis.measures) for facts in came.portions]
            self._decisions[kind].forget(_first(Came(came.number, portions)))
            self._people[kind].add(portions)


def _first(came: Came) -> int:
    """The first day that facts are of."""
    return min((int(facts.days.min(initial=FOREVER)) for facts in came.portions), default=FOREVER)
