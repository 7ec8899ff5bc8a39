"""What was published of late sources, and what has to be published again because another is late, or no longer."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from services.metrics.domain.sources.freshness import Marks, Staleness, marked
from services.metrics.domain.sums.tree import Tree
from services.metrics.domain.values.book import Book
from services.metrics.domain.values.sheet import Published
from services.metrics.watch import Watched
from shared.contracts.sources import SourceReported


class Marking:
    """The marks of the units as they were last published by one leader."""

    def __init__(self) -> None:
        """Nothing was."""
        self._watched = Watched()
        self._marks: dict[str, Marks] = {}
        self._made: dict[str, Marks] = {}
        self._made_of: tuple[Staleness, Tree] | None = None

    def is_news(self, watched: Watched) -> bool:
        """Whether anything of the sources has changed since."""
        return watched != self._watched

    def changed(self, book: Book, watched: Watched, held: Collection[str] = ()) -> Iterator[list[Published]]:
        """What the book has to publish, marked; then what is marked otherwise than before and nothing else.

        Of units that are ``held`` back nothing is, and their marks stay as they were published.
        """
        marks = self._of(book, watched.stale)
        for some in book.changed(held):
            yield [_marked(one, marks.get(one.group.unit, {})) for one in some]
        for unit in held:
            marks.pop(unit, None)
        marks |= {unit: self._marks[unit] for unit in held if unit in self._marks}
        moved = {unit: _differing(self._marks[unit], now) for unit, now in marks.items() if unit in self._marks}
        for some in book.again({unit: metrics for unit, metrics in moved.items() if metrics}):
            anew = [_anew(one, self._marks[one.group.unit], marks[one.group.unit]) for one in some]
            if told := [one for one in anew if one.metrics]:
                yield told
        self._marks = marks

    def _of(self, book: Book, stale: Staleness) -> dict[str, Marks]:
        """The marks of every unit, made once for as long as neither they nor the tree change."""
        if self._made_of is None or stale != self._made_of[0] or book.tree is not self._made_of[1]:
            self._made, self._made_of = {}, (stale, book.tree)
        for unit in book.units - self._made.keys():
            self._made[unit] = stale.of(unit, book.tree)
        return dict(self._made)

    @property
    def marks(self) -> dict[str, Marks]:
        """Those of units that were last published with any."""
        return {unit: marks for unit, marks in self._marks.items() if marks}

    def resume(self, marks: Mapping[str, Marks], book: Book) -> None:
        """Go on from what an earlier leader published of the units of a book."""
        self._marks = {unit: marks.get(unit, {}) for unit in book.units}

    def shown(self, book: Book) -> Iterator[list[Published]]:
        """The values that are shown to Prometheus, as they were last published."""
        for some in book.shown():
            yield [_marked(one, self._marks.get(one.group.unit, {})) for one in some]

    def reports(self, watched: Watched) -> Sequence[SourceReported]:
        """The sources of which something else is to be said than before."""
        return [one for one in watched.reports if one not in self._watched.reports]

    def told(self, watched: Watched) -> None:
        """All of it is published."""
        self._watched = watched


def _marked(one: Published, marks: Marks) -> Published:
    return one._replace(metrics=marked(one.metrics, date.fromordinal(one.as_of), marks)) if marks else one


def _anew(one: Published, before: Marks, now: Marks) -> Published:
    """The values that are marked otherwise than before: those of days that were told of all along are not."""
    was, found = _marked(one, before).metrics, _marked(one, now).metrics
    return one._replace(metrics={name: value for name, value in found.items() if value != was[name]})


def _differing(before: Marks, now: Marks) -> frozenset[str]:
    return frozenset(metric for metric in before.keys() | now.keys() if before.get(metric) != now.get(metric))
