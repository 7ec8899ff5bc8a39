"""Of which groups of a pay report what may be told: of five women and five men at least, and so that no sum of fewer
follows from others by any additions and subtractions.

Whatever a quotient tells, an attacker is taken to know the sums behind it. It is decided among all groups at once: by
occupation, by category, by gender, for all pay and for its variable part.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, get_args

import numpy as np

from services.metrics.domain.disclosure.suppression import decided
from services.metrics.domain.facts.cell import UNKNOWN, Cell
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.reports.workers import Category, Worker
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.linked_tables import NOBODY, LinkedTables
from services.metrics.domain.sums.tree import Tree
from shared.contracts.catalogue.disclosure import PAY
from shared.contracts.metrics import ALL
from shared.contracts.pay_gap import Level

GENDERS = WOMEN, MEN = "f", "m"
FEWEST = PAY.fewest
LEVELS: tuple[Level, ...] = get_args(Level)
FLAT = Tree({}, {}, {})
"""Categories stand beside one another: they are to the tables what units are to others."""


class PaidGroup(NamedTuple):
    """An occupation or a category; neither is everybody."""

    occupation: str | None = None
    category: Category | None = None

    @property
    def level(self) -> Level:
        """What kind of group it is."""
        return "category" if self.category else "occupation" if self.occupation else "all"

    @property
    def place(self) -> tuple[int, str, str]:
        """What orders groups: everybody, occupations, categories."""
        return LEVELS.index(self.level), self.occupation or "", _word(self.category) if self.category else ""


class HiddenParts(NamedTuple):
    """What is hidden of a group: all that tells of pay; of variable pay; of how many receive any."""

    pay: bool
    variable: bool
    who_has_variable: bool


class Secrets:
    """What may not be told of workers."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        """Decided among all groups of all of them, of those with variable pay, and of those without."""
        self._all = Hidden(workers)
        self._with_variable = Hidden(w for w in workers if w.variable)
        self._without = Hidden(w for w in workers if not w.variable)

    def of(self, group: PaidGroup) -> HiddenParts:
        """What is hidden of women, or of men, is of both: basic pay is the rest of all pay, men the rest of all."""
        pay = self._all.of(group)
        variable = pay or self._with_variable.of(group)
        return HiddenParts(pay, variable, variable or self._without.of(group))


class Hidden:
    """Which groups of women and of men are hidden: the small ones, and those that would give one away."""

    def __init__(self, workers: Iterable[Worker]) -> None:
        """Decided among all groups that these are in; who is neither a woman nor a man counts in none."""
        counts = Counter(_cell(worker) for worker in workers if worker.gender in GENDERS)
        self._tables = LinkedTables(list(counts), FLAT)
        heads = np.array(list(counts.values()), np.int64) * ONE
        nobody = ~self._tables.askable
        self._hidden = decided(self._tables, heads, np.ones(len(counts), bool), FEWEST - 1) if counts else nobody

    def of(self, group: PaidGroup) -> bool:
        """Whether a group's women or men are hidden; where there are none there is nothing to hide."""
        rows = (
            self._tables.rows([_table_group(group, gender) for gender in GENDERS]) if self._hidden is not None else []
        )
        return any(row != NOBODY and self._hidden[row] for row in rows)


def _cell(worker: Worker) -> Cell:
    return Cell(_word(worker.category), worker.occupation, worker.gender, UNKNOWN)


def _table_group(group: PaidGroup, gender: str) -> Group:
    return Group(_word(group.category) if group.category else ALL, group.occupation or ALL, gender)


def _word(category: Category) -> str:
    """A category as one word; ``|`` is in no name."""
    return "|".join(part or "" for part in category)
