"""Who tells of what since when: by source, type of event and unit, the first day; additive, in whatever order it comes.

A day is the earliest on which an event of the type was recorded, unless the source says itself (``knownfrom``) from
which day it tells everything: then that holds, the earliest if it says several, and what it says in events of a unit
holds of that unit. A kind is known of a unit from the earliest day of the sources that ever told of the unit, or of all
sources if none has; of a subtree from the latest of its units: a sum is known once all of it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from services.metrics.domain.coverage.kinds import BESIDES, KIND_OF_TYPE, KINDS, Kind
from services.metrics.domain.facts.reported import Firsts, Reported, merged
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.kernels import Ints
from services.metrics.domain.sums.tree import Tree
from shared.contracts.metrics import ALL

ALWAYS = 1
"""The first of all days."""

NEVER = 2**40
"""The day from which a kind is known that no source tells of."""

EVERYWHERE = "*"
"""In place of a unit: whatever unit it is."""


class Coverage:
    """All that is known of it so far."""

    def __init__(self, firsts: Firsts) -> None:
        """From the first day of each."""
        self._firsts = dict(firsts)
        self._since = {kind: _by_source(self._firsts, kind) for kind in KINDS}
        self._units: defaultdict[str, set[str]] = defaultdict(set)
        self._said: defaultdict[str, dict[Reported, int]] = defaultdict(dict)
        for one, day in self._firsts.items():
            if one.unit:
                self._units[one.unit].add(one.source)
            if one.unit and one.declared:
                self._said[one.unit][one] = day
        self._of_sources: dict[frozenset[str], Ints] = {}

    def joined(self, firsts: Firsts) -> "Coverage":
        """With more, in whatever order it came; the same where all of it was known."""
        if all(self._firsts.get(one, NEVER) <= day for one, day in firsts.items()):
            return self
        return Coverage(merged([*self._firsts.items(), *firsts.items()]))

    def of_unit(self, unit: str) -> Ints:
        """By kind, the day from which it is known of a unit by itself; NEVER where nobody tells of it."""
        ours = frozenset({*self._units.get(unit, ()), *self._units.get(EVERYWHERE, ())})
        said = self._said.get(unit)
        if said:
            days = [_earliest({**self._since[kind], **_by_source(said, kind)}, ours) for kind in KINDS]
            return np.array(days, np.int64)
        if ours not in self._of_sources:  # the same few sources tell of most units
            days = [_earliest(self._since[kind], ours) for kind in KINDS]
            self._of_sources[ours] = np.array(days, np.int64)
        return self._of_sources[ours]

    def of_subtrees(self, units: Iterable[str], tree: Tree) -> dict[str, Ints]:
        """By kind, the day from which it is known of each unit with all below it, and of all of them together."""
        found: dict[str, Ints] = {}
        for unit in set(units):
            own = self.of_unit(unit)
            for node in tree.path(unit):
                if found.setdefault(node, own) is not own:
                    found[node] = np.maximum(found[node], own)
        return found


def of_groups(known: Mapping[str, Ints], groups: Iterable[Group]) -> Ints:
    """By group and kind, as of the unit of each; of one where nobody is as of all units."""
    every = known.get(ALL, np.full(len(KINDS), NEVER, np.int64))
    return np.array([known.get(group.unit, every) for group in groups], np.int64).reshape(-1, len(KINDS))


def _earliest(since: Mapping[str, int], ours: frozenset[str]) -> int:
    days = [since[source] for source in ours if source in since] or since.values()
    return min(days, default=NEVER)


def _by_source(firsts: Firsts, kind: Kind) -> dict[str, int]:
    """The day from which each source tells of a kind, by what it says itself if it does.

    Who tells of ends of employment (or of what else many leave out) has told of all of them since it tells of
    employments.
    """
    if kind not in BESIDES:
        types = {type_ for type_, one in KIND_OF_TYPE.items() if one is kind}
        return {**_days(firsts, types, declared=False), **_days(firsts, types, declared=True)}
    shown_by, since = BESIDES[kind]
    told, said = (_days(firsts, {shown_by}, declared=declared) for declared in (False, True))
    begun = _by_source(firsts, since)
    return {**{source: begun.get(source, day) for source, day in told.items()}, **said}


def _days(firsts: Firsts, types: set[str], *, declared: bool) -> dict[str, int]:
    found: dict[str, int] = {}
    for one, day in firsts.items():
        if one.type in types and one.declared is declared:
            found[one.source] = min(day, found.get(one.source, day))
    return found
