"""Folding arriving events into one subject's record: what to load, what changes, which facts follow.

A fold is a generator: it yields what it needs of the stored record and is sent the rows, so that one query can serve
a whole batch of subjects, and the same code runs on a file without a database. The cost follows what the events
change, not how much came before.
"""

from collections.abc import Callable, Generator, Sequence
from typing import Any, NamedTuple

from services.metrics.domain.facts import assignment, kept, unit, vacancy
from services.metrics.domain.facts.career import Career
from services.metrics.domain.facts.entry import Entry, ReadEntry
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.changes import (
    absences,
    bonuses,
    caseloads,
    employments,
    reached_milestones,
    time_reports,
)
from services.metrics.domain.record.changes.employments import Shift
from services.metrics.domain.record.erasure import left
from services.metrics.domain.record.record import ABSENCE, DEFINITION, ERASURE, JOB, LIFE, SIZE, Stored
from services.metrics.domain.record.room import Refusal, Room
from services.metrics.domain.record.working import Loading, Need, Working
from shared.contracts import event_types
from shared.contracts.subjects import ASSIGNMENT, KEPT, PERSON, UNIT, VACANCY


class Gone(NamedTuple):
    """Of a person who is erased: the units in which groups were told of with them (``*``: any), the ids of events."""

    units: frozenset[str]
    events: Sequence[str]


class FoldResult(NamedTuple):
    """What a fold changed: rows new to the store and rows changed, events seen before, a changed unit's definitions.

    ``refused`` are the arriving events that there was no room for, ``came`` those that came for the first time,
    ``ignored`` how many count for nothing, since they are erased; ``gone`` the keys of rows that are no more.
    ``erased``: what else is to be known of a person who is erased now, ``trimmed``: that families of events are.
    """

    new: list[Stored]
    changed: list[Stored]
    duplicates: int
    definitions: list[Entry] | None = None
    refused: Sequence[Refusal] = ()
    came: Sequence[Entry] = ()
    ignored: int = 0
    gone: Sequence[str] = ()
    erased: Gone | None = None
    trimmed: bool = False


Fold = Generator[Need, list[Stored], FoldResult]


def fold(subject: str, arrivals: Sequence[ReadEntry], tally: Tally, *, bounded: bool = True) -> Fold:
    """Take events of one subject into its record and tally what that changes; what was taken before needs no room."""
    return (yield from take(Working(arrivals), subject, arrivals, tally, bounded=bounded))


def take(work: Working, subject: str, arrivals: Sequence[ReadEntry], tally: Tally, *, bounded: bool = True) -> Fold:
    """The same, into what is in hand of the record."""
    kind, _, ref = subject.partition("/")
    parts = {t.entry.key: part_of(t) for t in arrivals}
    yield from _load(work, kind, arrivals, parts)
    counting = left(work.erasure, arrivals) if work.erasure else None
    if counting:
        arrivals = counting.told
        parts = {t.entry.key: part_of(t) for t in arrivals}
    refused = Room(work, parts, bounded=bounded, counted=kind == PERSON).take(arrivals)
    work.settle()
    career: Career | None = None
    if kind == PERSON:
        career = yield from _person(work, ref, tally)
    else:
        _other(work, kind, ref, tally)
    definitions = work.changed.get(DEFINITION)
    done = FoldResult(*work.stored(career), work.identities.duplicates, definitions, refused, work.identities.came)
    if counting:
        found = [one._replace(place=counting.places[one.place]) for one in refused]
        return done._replace(refused=found, ignored=counting.ignored)
    return done


PARTS = {
    **dict.fromkeys(event_types.EMPLOYMENT, JOB),
    **dict.fromkeys(event_types.ASSIGNMENT, LIFE),
    **dict.fromkeys(event_types.VACANCY, LIFE),
    **dict.fromkeys(event_types.UNIT, DEFINITION),
}
"""Types whose events fold together, and the part that holds them; an absence has a part of its own."""

ABSENCES = frozenset(event_types.ABSENCE)


def part_of(t: ReadEntry) -> str:
    """The part an event folds with, empty when it stands alone."""
    if t.entry.type in ABSENCES:
        return f"{ABSENCE}{t.data.absence}"
    return PARTS.get(t.entry.type, "")


def _load(work: Working, kind: str, arrivals: Sequence[ReadEntry], parts: dict[str, str]) -> Loading:
    keys = {k for e, _ in arrivals for k in (e.key, e.corrects, parts[e.key]) if k}
    if kind == PERSON:
        keys |= {JOB, ERASURE, SIZE}
    while keys:
        yield from work.keys(keys)
        rows = work.identities.rows.values()
        keys = (
            work.missing(k for r in rows for k in (r.part, r.corrector[2] if r.corrector else "") if k)
            if rows
            else set()
        )


LEANING: tuple[tuple[frozenset[str], Callable[[Working, Shift, Tally], Loading]], ...] = (
    (ABSENCES, absences.change),
    (frozenset({event_types.CASELOAD_REPORTED}), caseloads.change),
    (frozenset({event_types.TIME_REPORTED}), time_reports.change),
    (frozenset({event_types.MILESTONE_REACHED}), reached_milestones.change),
    (frozenset({event_types.BONUS_PAID}), bonuses.change),
)
"""What leans on the career: it changes when its own events do, or when the career moves."""


def _person(work: Working, ref: str, tally: Tally) -> Generator[Need, list[Stored], Career]:
    shift = employments.change(work, ref, tally)
    for types, change in LEANING:
        if shift.moved or not types.isdisjoint(work.types):
            yield from change(work, shift, tally)
    return shift.new


SINGLE: dict[str, Callable[[Sequence[ReadEntry], Tally], None]] = {
    ASSIGNMENT: assignment.contribute,
    VACANCY: vacancy.contribute,
}


def _other(work: Working, kind: str, ref: str, tally: Tally) -> None:
    if LIFE in work.changed:
        for sign, entries in ((-1, work.before(LIFE)), (1, work.after(LIFE))):
            tally.sign = sign
            SINGLE[kind](work.told(entries), tally)
    if kind == UNIT:
        _alone(work, tally, lambda data: unit.contribute(ref, data, tally))
    if kind == KEPT:
        _alone(work, tally, lambda data: kept.contribute(data, tally))


def _alone(work: Working, tally: Tally, contribute: Callable[[Any], None]) -> None:
    for sign, keys in ((-1, work.lost), (1, work.gained)):
        tally.sign = sign
        for key in keys:
            if not work.identities.rows[key].part:
                contribute(work.event(key).data)
