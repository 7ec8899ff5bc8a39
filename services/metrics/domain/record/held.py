"""A record that stays in hand while its events come day by day: folded as a stored one is, and never stored.

What a stored record is asked for, row by row, lies at hand here as it was read once; of the events that stand alone
only those that are asked for are looked at, so that what a fold costs follows what it changes.
"""

from collections.abc import Iterable, Sequence

from services.metrics.domain.facts.career import Career
from services.metrics.domain.facts.entry import ReadEntry
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.fold import FoldResult, take
from services.metrics.domain.record.over_careers import OverCareers
from services.metrics.domain.record.plain import Plain
from services.metrics.domain.record.record import JOB, Part, Row, Section, Stored
from services.metrics.domain.record.refold import run
from services.metrics.domain.record.working import DayRange, Loading, Working

OF_EVENTS = frozenset({Section.caseload, Section.hours, Section.milestone, Section.bonus})
"""The sections of events that stand alone; in the others lie parts, all of which are in hand."""

NOTHING = FoldResult([], [], 0)


class Held:
    """The record of one subject."""

    def __init__(self, subject: str, over: OverCareers) -> None:
        """Empty; ``over`` collects what plain reports contribute."""
        self._subject, self._work = subject, _InHand()
        self._plain = Plain(self._work, over)

    def fold(self, arrivals: Sequence[ReadEntry], tally: Tally, known: int) -> FoldResult:
        """Take in events that became known on a day and tally what that changes; there are no rows to store."""
        self._work.begin(arrivals)
        left = self._plain.take(arrivals, known)
        if not left:
            return NOTHING
        self._work.count()
        return run(take(self._work, self._subject, left, tally))


class _InHand(Working):
    """What a fold has in hand, from fold to fold."""

    def __init__(self) -> None:
        super().__init__(())
        self._looked_at: dict[str, Row] = {}

    def begin(self, arrivals: Iterable[ReadEntry]) -> None:
        """Go on to other events."""
        for t in arrivals:
            self._events.setdefault(t.entry.key, t)

    def count(self) -> None:
        """Say how much is in hand."""
        self.events, self.absences = len(self.identities.rows), len(self.spans[Section.absence])
        self.identities.duplicates = 0

    def missing(self, wanted: Iterable[str]) -> set[str]:  # noqa: ARG002
        """Nothing is."""
        return set()

    def ranges(self, wanted: Iterable[DayRange]) -> Loading:
        """Look at what may matter on these days."""
        rows = self.identities.rows
        for section, lo, hi in wanted:
            if section in OF_EVENTS:
                near = (key for key, span in self.spans[section].items() if span[0] <= hi and span[1] >= lo)
                self._looked_at.update((key, rows[key]) for key in near)
        yield from ()

    def settle(self) -> None:
        """Tell which events are gained and lost, and look at those."""
        super().settle()
        rows = self.identities.rows
        self._looked_at.update((key, rows[key]) for key in (*self.gained, *self.lost))

    def in_hand(self, type_: str) -> list[tuple[str, Row]]:
        """The events of a type that are looked at."""
        return [(key, row) for key, row in self._looked_at.items() if row.type == type_]

    def stored(self, career: Career | None) -> tuple[list[Stored], list[Stored]]:
        """No rows: what was taken in is in hand from now on."""
        for part, entries in self.changed.items():
            self.parts[part] = Part(entries, career if part == JOB else None)
        for key in (*self.lost, *self.changed):
            for spans in self.spans.values():
                spans.pop(key, None)
        for key, (section, lo, hi) in self.moved.items():
            if key not in self.identities.rows or self.identities.rows[key].alive:
                self.spans[section][key] = lo, hi
        self._forget()
        return [], []

    def _forget(self) -> None:
        """Nothing has changed by what comes next."""
        before = self.identities.before
        before.difference_update(self.lost)
        before.update(self.gained)
        self.identities.touched.clear()
        self.changed, self.moved, self._looked_at = {}, {}, {}
        self.gained, self.lost, self.types = [], [], set()
