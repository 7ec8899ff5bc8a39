"""Since when what groups are made of is known, as a book keeps it."""

from collections.abc import Sequence

import numpy as np

from services.metrics.domain.coverage.coverage import ALWAYS, Coverage, of_groups
from services.metrics.domain.coverage.kinds import KINDS
from services.metrics.domain.facts.reported import Firsts
from services.metrics.domain.sums.groups import Group, Roster
from services.metrics.domain.sums.kernels import Ints
from services.metrics.domain.sums.tree import Tree


class Covering:
    """What is known since when, and whether any of that is new."""

    def __init__(self) -> None:
        """Before anything is learnt, all is known, always."""
        self._coverage: Coverage | None = None
        self.has_news = True

    def learn(self, firsts: Firsts) -> None:
        """Learn since when sources tell of what."""
        if firsts or self._coverage is None:
            self._coverage = self._coverage.joined(firsts) if self._coverage else Coverage(firsts)
            self.has_news = True

    def follow(self, old: "Covering") -> None:
        """Take over what an earlier book has learnt."""
        self._coverage = old._coverage

    def of(self, groups: Sequence[Group], roster: Roster, tree: Tree) -> Ints:
        """Since when each kind of events is known of each group (groups × kinds)."""
        self.has_news = False
        if self._coverage is None:
            return np.full((len(groups), len(KINDS)), ALWAYS, np.int64)
        units = {cell.unit for cell in roster.cells}
        return of_groups(self._coverage.of_subtrees(units, tree), groups)
