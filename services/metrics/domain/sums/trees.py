"""The unit trees of all days: between two days on which definitions take effect there is one, made once."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from threading import Lock

from services.metrics.domain.facts.entry import Entry, day
from services.metrics.domain.sums.tree import DEFINED, Tree, tree

KEPT = 12
"""Trees remembered; each has a place for every unit."""
LATEST = 8
"""Changes of the tree that every decision takes into account."""


class Trees:
    """The trees that every unit's definitions make. For any thread."""

    def __init__(
        self,
        definitions: Mapping[str, Iterable[Entry]],
        told: "Sequence[tuple[int, Trees]]" = (),
        last: "Trees | None" = None,
    ) -> None:
        """Nothing made yet; ``told`` are the trees that months up to some days, in order, were told of in.

        ``last`` are those that anything was last told in, if other definitions have come since.
        """
        self._definitions, self._making, self._told, self._last = definitions, Lock(), told, last
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
    def has_news(self) -> bool:
        """Whether other trees are to be taken into account from the next telling on."""
        return self._last is not None and _unlike(self._last.latest, self.renewed.latest)

    @cached_property
    def renewed(self) -> "Trees":
        """As they are from the next telling on."""
        return Trees(self._definitions, self._told) if self._last else self

    @cached_property
    def latest(self) -> list[Tree]:
        """The trees that the last changes made, each once; what came since anything was told changes no decision."""
        if self._last:
            return self._last.latest
        found: list[Tree] = []
        for one in map(self.on, self._changes[-LATEST:]):
            found += [] if any(one.parents == other.parents for other in found) else [one]
        return found

    def alike(self, others: "Trees", day: int) -> bool:
        """Whether what is decided of a month that begins on a day would be the same by other trees."""
        ours, theirs = ([trees.early(day), *trees.latest] for trees in (self, others))
        return not _unlike(ours, theirs)

    def _of(self, as_of: int, *, early: bool) -> Tree:
        era = bisect_right(self._changes, as_of), early
        with self._making:
            self._made[era] = self._made.pop(era) if era in self._made else tree(self._definitions, as_of, early=early)
            for oldest in list(self._made)[:-KEPT]:
                del self._made[oldest]
            return self._made[era]


def _unlike(some: Sequence[Tree], others: Sequence[Tree]) -> bool:
    return [one.parents for one in some] != [one.parents for one in others]
