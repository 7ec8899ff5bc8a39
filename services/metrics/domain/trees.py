"""The unit trees of all days: between two days on which definitions take effect there is one, made once."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from threading import Lock

from services.metrics.domain.entry import Entry, day
from services.metrics.domain.tree import DEFINED, Tree, tree

KEPT = 12
"""Trees remembered; each has a place for every unit."""
LATEST = 8
"""Changes of the tree that every decision takes into account."""


class Trees:
    """The trees that every unit's definitions make. For any thread."""

    def __init__(self, definitions: Mapping[str, Iterable[Entry]], told: "Sequence[tuple[int, Trees]]" = ()) -> None:
        """Nothing made yet; ``told`` are the trees that months up to some days, in order, were told of in."""
        self._definitions, self._making, self._told = definitions, Lock(), told
        entries = (entry for some in definitions.values() for entry in some if entry.type == DEFINED)
        self._changes = sorted({day(entry.read().effective) for entry in entries})
        self._made: dict[tuple[int, bool], Tree] = {}

    @property
    def defined(self) -> Iterable[str]:
        """The units there are definitions of."""
        return self._definitions.keys()

    def on(self, as_of: int) -> Tree:
        """The tree as it is on a day."""
        return self._of(as_of, early=False)

    def early(self, first: int) -> Tree:
        """The tree of a month that begins on a day, with units that are not defined yet where they are first.

        What was told of a month was told in one tree: whatever comes to be known of it later, it stays that.
        """
        earlier = next((trees for until, trees in self._told if first <= until), None)
        return earlier.early(first) if earlier else self._of(first, early=True)

    @cached_property
    def latest(self) -> list[Tree]:
        """The trees that the last changes made, each once."""
        found: list[Tree] = []
        for one in map(self.on, self._changes[-LATEST:]):
            found += [] if any(one.parents == other.parents for other in found) else [one]
        return found

    def alike(self, others: "Trees", day: int) -> bool:
        """Whether what is decided of a month that begins on a day would be the same by other trees."""
        ours, theirs = ([one.parents for one in (trees.early(day), *trees.latest)] for trees in (self, others))
        return ours == theirs

    def _of(self, as_of: int, *, early: bool) -> Tree:
        era = bisect_right(self._changes, as_of), early
        with self._making:
            self._made[era] = self._made.pop(era) if era in self._made else tree(self._definitions, as_of, early=early)
            for oldest in list(self._made)[:-KEPT]:
                del self._made[oldest]
            return self._made[era]
