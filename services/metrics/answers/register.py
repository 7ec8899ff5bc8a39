"""What a replica remembers of the ledger to answer quickly: its cells and units, learnt once and kept fresh."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping

import asyncpg

from services.metrics.answers.secrecy import Secrecy
from services.metrics.answers.sums import ReplicaSums
from services.metrics.domain.coverage.coverage import Coverage
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.sums.tree import Tree, Trees
from services.metrics.ledger import reading as ledger
from services.metrics.ledger import telling
from services.metrics.ledger.reading import Mark
from shared.contracts.metrics import ALL


class Register:
    """The cells and units as of the last look, what was decided on whose health is hidden, and sums of health.

    What it gives out stays as it is: a look puts other mappings in their place. So threads may go through them.
    """

    def __init__(self) -> None:
        """Nothing known."""
        self.trees = Trees({})
        self.secrecy, self.sums = Secrecy(), ReplicaSums()
        self.coverage = Coverage({})
        self.cells: Mapping[int, Cell] = {}
        self.version = 0
        self._numbers: defaultdict[str, list[int]] = defaultdict(list)
        self._seen, self._telling = ledger.NOTHING, 0
        self._looking = asyncio.Lock()

    async def look(self, connection: asyncpg.Connection) -> None:
        """Learn what was committed since the last look; needs a transaction that sees one state throughout."""
        async with self._looking:
            if self._seen is ledger.NOTHING:
                await self._take(connection, await ledger.mark(connection), tree_changed=True)
                self.coverage = Coverage(await ledger.coverage(connection))
            elif (news := await ledger.since(connection, self._seen)).batches:
                await self._take(connection, news.mark, tree_changed=news.tree_changed)
                if firsts := await ledger.coverage(connection, news.batches):
                    self.coverage = self.coverage.joined(firsts)
            if self.trees.has_news and await telling.number(connection) != self._telling:
                await self._take(connection, self._seen, tree_changed=True)

    async def _take(self, connection: asyncpg.Connection, mark: Mark, *, tree_changed: bool) -> None:
        found = {n: cell for n, cell in await ledger.cells(connection, self._seen) if n not in self.cells}
        trees = self.trees
        if tree_changed:
            trees, self._telling = await telling.trees(connection), await telling.number(connection)
        sound = {number: cell for number, cell in found.items() if cell.is_sound}
        if sound or tree_changed:
            self.cells, self.trees, self.version = {**self.cells, **sound}, trees, self.version + 1
        for number, cell in sound.items():
            self._numbers[cell.unit].append(number)
        self._seen = mark

    def under(self, unit: str | None, placed: Tree) -> Iterable[tuple[int, Cell]]:
        """The cells of a unit and of all below it, by number; of all units if there is none."""
        if unit in {None, ALL}:
            return self.cells.items()  # of a mapping that never changes
        return [(n, self.cells[n]) for one in placed.below(str(unit)) for n in self._numbers.get(one, ())]

    def knows(self, unit: str) -> bool:
        """Whether any event has named the unit."""
        return unit == ALL or unit in self._numbers or unit in self.trees.defined

    def names(self) -> list[str]:
        """The units that any event has named or that have been defined."""
        return sorted({*self._numbers, *self.trees.defined})
