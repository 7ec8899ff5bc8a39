"""The unit tree as it is on a day: the latest definition of each unit, or the closing after it, without any that would
close a loop; and the trees of all days, of which there is one between two days on which these take effect.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cached_property
from threading import Lock
from typing import NamedTuple

from services.metrics.domain.facts.entry import Entry, ReadEntry, day
from shared.contracts.events import UnitClosed, UnitDefined
from shared.contracts.metrics import ALL

LOOP, TWO_PARENTS, UNDEFINED, RESERVED, TOO_DEEP = CONTRADICTIONS = (
    "unit_loop",
    "unit_two_parents",
    "unit_parent_undefined",
    "unit_reserved_name",
    "unit_too_deep",
)

MOST_LEVELS = 20
"""Units above one another, at most: what is counted grows with every level, for every group of every unit below."""


class Tree(NamedTuple):
    """Each unit's parent and name, and what of the definitions contradicts, by kind.

    ``unit_loop`` counts definitions ignored because they would close a loop, ``unit_two_parents`` those that hold in
    place of another of the same day with another parent, ``unit_parent_undefined`` the parents that nobody defines,
    ``unit_reserved_name`` the definitions of ``*`` or under it, which is everything already, and ``unit_too_deep`` the
    units that would be more than MOST_LEVELS deep: each is placed under the last unit that is not.

    ``closed`` are the units that are closed on the day; each stands under its successor, if it has one.
    """

    parents: Mapping[str, str]
    names: Mapping[str, str]
    contradictions: Mapping[str, int]
    closed: Set[str] = frozenset()

    def path(self, unit: str) -> tuple[str, ...]:
        """The unit and its ancestors, nearest first, ending with everything."""
        path = [unit]
        while parent := self.parents.get(path[-1]):
            path.append(parent)
        return (*path, ALL)

    def below(self, unit: str) -> list[str]:
        """The unit and every unit under it."""
        children = defaultdict(list)
        for child, parent in self.parents.items():
            children[parent].append(child)
        found = [unit]
        for one in found:
            found += children[one]
        return found

    def name(self, unit: str) -> str:
        """The unit's name; of one never defined, its reference."""
        return self.names.get(unit, unit)


def above(definitions: Iterable[Iterable[Entry]]) -> set[str]:
    """The units that any definition, or closing, has placed another under."""
    said = (_parent(entry.read()) for some in definitions for entry in some)
    return {parent for parent in said if parent}


def tree(definitions: Mapping[str, Iterable[Entry]], on: int, *, early: bool = False) -> Tree:
    """The tree on a day, from every unit's definitions; ``early`` places a unit not yet defined as it first will be."""
    parents: dict[str, str] = {}
    names: dict[str, str] = {}
    found: Counter[str] = Counter()
    above, closed = set[str](), set[str]()
    said: dict[tuple[str, int], str | None] = {}
    earliest: dict[str, int] = {}
    for unit, t in _in_order(definitions):
        since, parent, closes = _since(t.data), _parent(t.data), _closes(t)
        if since > on and (closes or not (early and since == earliest.setdefault(unit, since))):
            continue
        if ALL in {unit, parent}:
            found[RESERVED] += 1
            parent = None
        if unit == ALL:
            continue
        if closes:
            closed.add(unit)
        else:
            closed.discard(unit)
            earliest.setdefault(unit, since)
            found[TWO_PARENTS] += said.setdefault((unit, since), parent) != parent and t.entry.corrects is None
            said[unit, since] = parent
        if parent == unit or (unit in above and _closes_loop(parents, unit, parent)):
            found[LOOP] += 1
            continue
        if closes and not parent:
            continue
        if not closes:
            names[unit] = t.data.name
        parents.pop(unit, None)
        if parent:
            parents[unit] = parent
            above.add(parent)
    found[UNDEFINED] = len(set(parents.values()) - {unit for unit, _ in said})
    found[TOO_DEEP] = _lift(parents)
    return Tree(parents, names, {kind: count for kind, count in found.items() if count}, closed)


def _since(data: UnitDefined | UnitClosed) -> int:
    """The first day on which it holds."""
    return day(data.last_day) + 1 if isinstance(data, UnitClosed) else day(data.effective)


def _parent(data: UnitDefined | UnitClosed) -> str | None:
    return data.successor if isinstance(data, UnitClosed) else data.parent


def _lift(parents: dict[str, str]) -> int:
    """Place what is too deep under the last unit above it that is not; how many units that were."""
    levels = _levels(parents)
    deep = sorted((unit for unit, level in levels.items() if level >= MOST_LEVELS), key=levels.__getitem__)
    under: dict[str, str] = {}
    for unit in deep:
        parents[unit] = under[unit] = under.get(parents[unit], parents[unit])
    return sum(levels[unit] > MOST_LEVELS for unit in deep)


def _levels(parents: Mapping[str, str]) -> dict[str, int]:
    """How deep each unit is, those at the top being 1."""
    levels: dict[str, int] = {}
    for unit in parents:
        path = [unit]
        while path[-1] not in levels and path[-1] in parents:
            path.append(parents[path[-1]])
        for one in reversed(path):
            levels[one] = levels[parents[one]] + 1 if one in parents else 1
    return levels


def _in_order(definitions: Mapping[str, Iterable[Entry]]) -> list[tuple[str, ReadEntry]]:
    """By the day on which they hold; what is closed on a day stands under a successor that is defined on it."""
    told = [(unit, ReadEntry(e, e.read())) for unit, entries in definitions.items() for e in entries]
    return sorted(told, key=lambda pair: (_since(pair[1].data), _closes(pair[1]), *pair[1].entry.order, pair[0]))


def _closes(t: ReadEntry) -> bool:
    return isinstance(t.data, UnitClosed)


def _closes_loop(parents: Mapping[str, str], unit: str, parent: str | None) -> bool:
    while parent and parent != unit:
        parent = parents.get(parent)
    return parent == unit


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
        self._changes = sorted({_since(entry.read()) for some in definitions.values() for entry in some})
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
