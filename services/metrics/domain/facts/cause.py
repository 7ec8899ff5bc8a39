"""Causes: which events changed the facts of a batch, where, and from which day on, so that a restated value can tell.

An event is a cause of changes in what its type feeds, and of nothing else that the same batch changed.

A small batch remembers it subject by subject. A large one, while a log is being loaded, remembers a line for each type
of event: what was not known before it was loaded is late as a whole.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from services.metrics.domain.facts.cell import FOREVER, Cell
from services.metrics.domain.facts.feeds import fed_by
from services.metrics.domain.facts.measures import family
from services.metrics.domain.facts.tally import Tally

DETAILED = 2_000
"""Events up to which a batch remembers where each subject's events changed facts."""


class Source(NamedTuple):
    """One subject's part of a batch: the types of its events, and what they changed."""

    types: Sequence[str]
    tally: Tally


class Cause(NamedTuple):
    """So many events of a type changed facts from day ``first`` on, of these measures in these cells; None: of any."""

    type: str
    events: int
    first: int
    cells: frozenset[Cell] | None = None
    measures: frozenset[int] | None = None


def causes(sources: Iterable[Source], events: int) -> list[Cause]:
    """The causes of a batch of so many events."""
    return list(_of_subjects(sources)) if events <= DETAILED else _by_type(sources)


def _of_subjects(sources: Iterable[Source]) -> Iterator[Cause]:
    for types, tally in sources:
        for kind, count in Counter(types).items():
            if changed := _changed(kind, tally):
                cells, measures, days = zip(*changed, strict=True)
                yield Cause(kind, count, min(days), frozenset(cells), frozenset(measures))


def _by_type(sources: Iterable[Source]) -> list[Cause]:
    counts: Counter[str] = Counter()
    firsts: dict[str, int] = {}
    for types, tally in sources:
        changed = _since(tally)
        for kind, count in Counter(types).items():
            if days := [changed[measure] for measure in changed.keys() & fed_by(kind)]:
                counts[kind] += count
                firsts[kind] = min(*days, firsts.get(kind, days[0]))
    return [Cause(kind, count, firsts[kind]) for kind, count in counts.items()]


def _since(tally: Tally) -> dict[int, int]:
    """By kind of measure, the first day on which it changed: looked for once, whatever the number of types."""
    firsts: dict[int, int] = {}
    for (_, measure, day), delta in tally.deltas.items():
        if delta and day < firsts.get(measure, FOREVER):
            firsts[measure] = day
    kinds: dict[int, int] = {}
    for measure, day in firsts.items():
        kind = family(measure)
        kinds[kind] = min(day, kinds.get(kind, day))
    return kinds


def _changed(kind: str, tally: Tally) -> list[tuple[Cell, int, int]]:
    """What changed of the measures that a type of event feeds: of the others it is no cause."""
    fed = fed_by(kind)
    return [place for place, delta in tally.deltas.items() if delta and family(place[1]) in fed]


class StoredCause(NamedTuple):
    """A cause as the ledger keeps it: with the numbers of cells."""

    type: str
    events: int
    first: int
    cells: Sequence[int] | None
    measures: Sequence[int] | None


class Late(NamedTuple):
    """So many events of a type, and how many days after the first that they changed they came in.

    ``certain`` is false where the batch remembers no more than what all of its events changed.
    """

    type: str
    events: int
    days: int
    certain: bool


def late(
    found: Iterable[StoredCause], cells: Collection[int], measures: Collection[int], day: int, known: int
) -> list[Late]:
    """Which causes of a batch can have changed, on a day, what these cells hold of these measures; the latest first."""
    summed: dict[tuple[str, bool], Late] = {}
    for cause in found:
        here = cause.cells is None or not set(cells).isdisjoint(cause.cells)
        fed = fed_by(cause.type).intersection(measures)
        this = fed if cause.measures is None else fed.intersection(map(family, cause.measures))
        if here and this and cause.first <= day:
            key = cause.type, cause.cells is not None
            _, events, days, _ = summed.get(key, Late(cause.type, 0, 0, certain=True))
            summed[key] = Late(cause.type, events + cause.events, max(days, known - cause.first), key[1])
    return sorted(summed.values(), key=lambda some: (-some.days, some.type))
