"""How much a record may hold, so that no message is folded for longer than about a second, whatever came before it.

The verdict on a message follows from the events taken before it and from nothing else: cut into other batches, read
again, or taken by another replica, the same messages are refused. What the bounds are is far beyond a life.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from services.metrics.domain.facts import absence
from services.metrics.domain.facts.cell import FOREVER
from services.metrics.domain.facts.entry import Entry, ReadEntry, day
from services.metrics.domain.record.record import ABSENCE, JOB
from services.metrics.domain.record.working import Working
from shared.contracts.events import Data, EmploymentEnded, EmploymentStarted

EVENTS = 10_000
"""Of a person, ever, with what was corrected: a report each working day of forty years."""
TOGETHER = 2_000
"""Events that hold and fold together: one person's employments, one absence, one unit's definitions."""
AT_ONCE = 30
"""A person's employments on one day."""
ABSENCES = 2_000
"""That hold, of a person: one a week for forty years."""


class Refusal(NamedTuple):
    """The place of an arriving event that there is no room for, and why."""

    place: int
    why: str


class Room:
    """What is left of a record's room as events arrive, one after the other."""

    def __init__(self, work: Working, parts: Mapping[str, str], *, bounded: bool, counted: bool) -> None:
        """As it is before they do; ``parts`` tells which part each folds with. Unbounded, it has room for all.

        Events that stand alone are ``counted`` where others are looked at together with them.
        """
        self._work, self._parts, self._bounded, self._counted = work, parts, bounded, counted
        self._members: dict[str, dict[str, Entry]] = {}
        self._absences = work.absences + len(parts) > ABSENCES

    def take(self, arrivals: Iterable[ReadEntry]) -> list[Refusal]:
        """Let in what there is room for; those that there is none for."""
        if not self._bounded or self._is_ample():
            for t in arrivals:
                self._work.identities.arrive(t.entry, self._parts[t.entry.key])
            return []
        refused = []
        for place, t in enumerate(arrivals):
            if why := self._full(t):
                refused.append(Refusal(place, why))
            else:
                self._arrive(t)
        return refused

    def _is_ample(self) -> bool:
        """Whether there is room for all that arrive without looking at each."""
        arriving, coming = len(self._parts), Counter(self._parts.values())
        together = {part: len(self._work.before(part)) + coming[part] for part in {JOB, *coming} if part}
        return (
            max(together.values()) < TOGETHER
            and together[JOB] < AT_ONCE
            and self._work.absences + arriving <= ABSENCES
            and self._work.events + 2 * arriving <= EVENTS
        )

    def _arrive(self, t: ReadEntry) -> None:
        key, part = t.entry.key, self._parts[t.entry.key]
        self._work.events += self._new(t)
        absences = self._concerned(t) if self._absences else ()
        self._work.absences -= sum(map(self._holds, absences))
        self._work.identities.arrive(t.entry, part)
        if part:
            self._of(part).setdefault(key, t.entry)
        self._work.absences += sum(map(self._holds, absences))

    def _concerned(self, t: ReadEntry) -> set[str]:
        """The absences that hold or not by an event, by one that it corrects, or by another that corrects that."""
        rows = self._work.identities.rows
        gone = rows.get(t.entry.corrects or "")
        other = rows.get(gone.corrector[2]) if gone and gone.corrector else None
        parts = {self._parts[t.entry.key], *(row.part for row in (gone, other) if row)}
        return {part for part in parts if part.startswith(ABSENCE)}

    def _holds(self, part: str, more: Sequence[Entry] = (), without: str | None = None) -> bool:
        living = [e for key, e in self._living(part).items() if key != without]
        return absence.read(self._work.told([*living, *more])).interval is not None

    def _too_many_absences(self, t: ReadEntry) -> str | None:
        if not self._absences or self._work.absences < ABSENCES:
            return None
        for part in self._concerned(t):
            more = [t.entry] if part == self._parts[t.entry.key] else []
            if self._holds(part, more, t.entry.corrects) and not self._holds(part):
                return f"{ABSENCES} absences hold, and no more are folded"
        return None

    def _new(self, t: ReadEntry) -> int:
        rows = self._work.identities.rows
        return sum(key not in rows for key in {t.entry.key, t.entry.corrects} if key)

    def _full(self, t: ReadEntry) -> str | None:
        rows, part = self._work.identities.rows, self._parts[t.entry.key]
        if t.entry.key in rows and rows[t.entry.key].type:
            return None
        if self._counted and (new := self._new(t)) and self._work.events + new > EVENTS:
            return f"the record has {self._work.events} events, and holds {EVENTS}"
        if part and len(self._of(part)) >= TOGETHER and len(self._living(part)) >= TOGETHER:
            return f"{TOGETHER} events are folded together, and no more"
        return self._too_many_absences(t) or self._too_many_at_once(t)

    def _of(self, part: str) -> dict[str, Entry]:
        """All that a part has had in hand, and some that hold no longer."""
        if part not in self._members:
            self._members[part] = {e.key: e for e in self._work.before(part)}
        return self._members[part]

    def _living(self, part: str) -> dict[str, Entry]:
        """Those that hold; none of the others comes back."""
        rows = self._work.identities.rows
        self._members[part] = {k: e for k, e in self._of(part).items() if k not in rows or rows[k].alive}
        return self._members[part]

    def _too_many_at_once(self, t: ReadEntry) -> str | None:
        mine = isinstance(t.data, EmploymentStarted | EmploymentEnded)
        if not (mine or t.entry.corrects) or len(self._of(JOB)) < AT_ONCE:
            return None
        before = self._living(JOB)
        if not mine and t.entry.corrects not in before:
            return None
        after = [e for key, e in before.items() if key != t.entry.corrects] + ([t.entry] if mine else [])
        if (most := self._at_once(after)) > AT_ONCE and most > self._at_once(before.values()):
            return f"{most} employments on one day, and no more than {AT_ONCE} are folded"
        return None

    def _at_once(self, entries: Iterable[Entry]) -> int:
        return at_once(t.data for t in self._work.told(entries))


def at_once(events: Iterable[Data]) -> int:
    """The most employments on one day, each with all of its periods at its longest."""
    first, latest, last = dict[str | None, int](), dict[str | None, int](), dict[str | None, int]()
    for data in events:
        if isinstance(data, EmploymentStarted):
            on = day(data.effective)
            first[data.employment] = min(first.get(data.employment, FOREVER), on)
            latest[data.employment] = max(latest.get(data.employment, 0), on)
        elif isinstance(data, EmploymentEnded):
            last[data.employment] = max(last.get(data.employment, 0), day(data.last_day))
    over = {job: end if (end := last.get(job, 0)) >= on else FOREVER for job, on in latest.items()}
    turns = [(on, 1) for on in first.values()] + [(over[job] + 1, -1) for job in first]
    most = now = 0
    for _, change in sorted(turns):
        now += change
        most = max(most, now)
    return most
