"""Who is there, and who answered, kept in memory as the ledger tells it: so who is hidden is decided quickly."""

from collections.abc import Callable, Mapping, Sequence
from threading import Lock

import asyncpg

from services.metrics.answers.following import Following
from services.metrics.domain.disclosure.basis import BASES, COUNTED
from services.metrics.domain.disclosure.decisions import Decisions, MonthStanding, People
from services.metrics.domain.disclosure.remembered import Kept
from services.metrics.domain.facts.cell import FOREVER, Cell
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.kernels import Deltas
from services.metrics.domain.sums.merging import Merging
from services.metrics.domain.sums.periods import Month
from services.metrics.domain.sums.tree import Tree, Trees
from services.metrics.ledger.telling import Watermark
from shared.contracts.catalogue.disclosure import ByMonth


class Secrecy:
    """The facts of who is counted, by kind, as far as anything was told of them, and what was decided from them.

    ``look`` is called on the event loop, ``standing`` from any thread; they meet in the queue of what came.
    """

    def __init__(self) -> None:
        """Nothing read: what nobody asks about takes no room."""
        self._deciding = Lock()
        self._begin()

    def _begin(self) -> None:
        self._following = Following(COUNTED, self._add)
        self._people = {kind: Merging() for kind in BASES}
        self._decisions = {kind: Decisions(basis) for kind, basis in BASES.items()}

    @property
    def size(self) -> int:
        """How many facts and decisions are kept, for whoever watches that they are bounded."""
        return sum(len(self._people[kind].facts.cells) + len(self._decisions[kind]) for kind in BASES)

    def decides(self, month: Month) -> bool:
        """Whether a month would have to be decided, as far as can be told without waiting."""
        is_known = all(made.knows(month) for made in self._decisions.values())
        return not is_known or month.last >= self._following.first_to_come

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
            self._following.take_in(number)
            people = People(cells(), self._people[kind].facts, trees)
            return self._decisions[kind].standing(people, groups, placed, month, kept)

    async def look(self, connection: asyncpg.Connection, told: Watermark) -> None:
        """Read what has been told of since the last look; all of it anew where some was taken in by half."""
        if self._following.half:
            with self._deciding:
                self._begin()
        await self._following.look(connection, told)

    def _add(self, portions: Sequence[Deltas]) -> None:
        """Add what came, and forget what was decided of days from then on."""
        if not portions:
            return
        first = min(int(facts.days.min(initial=FOREVER)) for facts in portions)
        for kind, basis in BASES.items():
            self._decisions[kind].forget(first)
            self._people[kind].add([facts.of(basis.measures) for facts in portions])
