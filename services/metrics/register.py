"""What a replica remembers of the ledger to answer quickly: its cells and units, learnt once and kept fresh."""

import asyncio
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from threading import Lock

import asyncpg

from services.metrics import ledger
from services.metrics.domain.cell import Cell
from services.metrics.domain.decisions import Decision
from services.metrics.domain.entry import Entry, day
from services.metrics.domain.tree import DEFINED, Tree, tree
from services.metrics.ledger import Mark
from services.metrics.secrecy import Secrecy
from shared.contracts.metrics import ALL

ERAS_KEPT = 8
"""Trees remembered; each has a place for every unit."""


class Units:
    """Every unit's definitions; between two days on which some take effect the tree is made once. For any thread."""

    def __init__(self, definitions: Mapping[str, list[Entry]]) -> None:
        """Nothing made yet."""
        self._definitions, self._making = definitions, Lock()
        entries = (entry for some in definitions.values() for entry in some if entry.type == DEFINED)
        self._changes = sorted({day(entry.read().effective) for entry in entries})
        self._made: dict[int, Tree] = {}

    @property
    def defined(self) -> Iterable[str]:
        """The units there are definitions of."""
        return self._definitions.keys()

    def on(self, as_of: int) -> Tree:
        """The tree as it is on a day."""
        era = bisect_right(self._changes, as_of)
        with self._making:
            self._made[era] = self._made.pop(era) if era in self._made else tree(self._definitions, as_of)
            for oldest in list(self._made)[:-ERAS_KEPT]:
                del self._made[oldest]
            return self._made[era]


class Register:
    """The cells and units as of the last look, and what was decided on whose health may be spoken of.

    What it gives out stays as it is: a look puts other mappings in their place. So threads may go through them.
    """

    def __init__(self) -> None:
        """Nothing known."""
        self.units = Units({})
        self.secrecy = Secrecy()
        self.cells: Mapping[int, Cell] = {}
        self.version = 0
        self._numbers: defaultdict[str, list[int]] = defaultdict(list)
        self._seen = ledger.NOTHING
        self._looking = asyncio.Lock()

    async def look(self, connection: asyncpg.Connection) -> None:
        """Learn what was committed since the last look; needs a transaction that sees one state throughout."""
        async with self._looking:
            if self._seen is ledger.NOTHING:
                await self._take(connection, await ledger.mark(connection), tree_changed=True)
            elif (news := await ledger.since(connection, self._seen)).batches:
                await self._take(connection, news.mark, tree_changed=news.tree_changed)

    async def _take(self, connection: asyncpg.Connection, mark: Mark, *, tree_changed: bool) -> None:
        found = {n: cell for n, cell in await ledger.cells(connection, self._seen) if n not in self.cells}
        units = Units(await ledger.definitions(connection)) if tree_changed else self.units
        sound = {number: cell for number, cell in found.items() if cell.is_sound}
        if sound or tree_changed:
            self.cells, self.units, self.version = {**self.cells, **sound}, units, self.version + 1
        for number, cell in sound.items():
            self._numbers[cell.unit].append(number)
        self._seen = mark

    def under(self, unit: str | None, placed: Tree) -> Iterable[tuple[int, Cell]]:
        """The cells of a unit and of all below it, by number; of all units if there is none."""
        if unit in {None, ALL}:
            return self.cells.items()  # of a mapping that never changes
        return [(n, self.cells[n]) for one in placed.below(str(unit)) for n in self._numbers.get(one, ())]

    def decision(self, placed: Tree, day: int, traced: int) -> Decision:
        """Whose health may not be spoken of on a day, as of the last look; from any thread."""
        return self.secrecy.decision(lambda: self.cells, placed, day, traced)

    def knows(self, unit: str) -> bool:
        """Whether any event has named the unit."""
        return unit == ALL or unit in self._numbers or unit in self.units.defined

    def names(self) -> list[str]:
        """The units that any event has named or that have been defined."""
        return sorted({*self._numbers, *self.units.defined})
