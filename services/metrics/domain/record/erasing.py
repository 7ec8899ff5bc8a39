"""Folding events that arrive, among them that the person is erased, or that families of their events are trimmed.

Then what counts no more is taken back and goes. What is left is a fold of the events that count nevertheless
(``erasure``), and the erasure itself; what arrived beside it is folded into that.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from services.metrics.domain.facts.entry import ReadEntry
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.erasure import Left, erasure_of, left, markers, stored
from services.metrics.domain.record.fold import Fold, FoldResult, Gone, fold
from services.metrics.domain.record.identifying import identities
from services.metrics.domain.record.record import ERASURE, SIZE, Row, Stored
from services.metrics.domain.record.refold import holding, run, size_of
from services.metrics.domain.record.working import Need
from shared.contracts.erased import READ
from shared.contracts.erasure import Erasure, together
from shared.contracts.metrics import ALL
from shared.contracts.subjects import PERSON

_row = msgspec.msgpack.Decoder(Row).decode
_SAY_WHERE = frozenset(
    type_ for type_, (kind, data) in READ.items() if kind == PERSON and "unit" in data.__struct_fields__
)
"""Types of events that say in which unit a person is."""


class _Held(NamedTuple):
    """A record as it is stored."""

    rows: Sequence[Stored]
    told: Sequence[ReadEntry]
    erasure: Erasure | None


def arriving(subject: str, arrivals: Sequence[ReadEntry], tally: Tally) -> Fold:
    """Take events of one subject into its record and tally what that changes."""
    found = markers(arrivals)
    if not found:
        return (yield from fold(subject, arrivals, tally))
    held = _read((yield Need(everything=True)))
    erasure = together([*found, *([held.erasure] if held.erasure else [])])
    counting = left(erasure, arrivals)
    if held.erasure and held.erasure.covers(erasure):
        done = yield from fold(subject, counting.told, tally)
        return _told(done, counting, len(found))
    of_person = contributed(subject, held.told)
    tally.add(of_person, -1)
    rows = _left(subject, held, erasure, tally)
    done = run(fold(subject, counting.told, tally), list(rows.values()))
    rows |= {row.key: row for row in (*done.new, *done.changed)}
    done = _told(_replaced(done, held.rows, rows), counting, 0)
    gone = _gone(held, of_person) if any(one.is_of_all for one in found) else None
    return done._replace(erased=gone, trimmed=any(one.families for one in found))


def contributed(subject: str, told: Sequence[ReadEntry]) -> Tally:
    """What the events of a record that hold come to."""
    tally = Tally()
    run(fold(subject, told, tally, bounded=False))
    return tally


def _read(rows: Sequence[Stored]) -> _Held:
    found = next((erasure_of(row) for row in rows if row.key == ERASURE), None)
    return _Held(rows, [ReadEntry(entry, entry.read()) for entry in holding(rows)], found)


def _left(subject: str, held: _Held, erasure: Erasure, tally: Tally) -> dict[str, Stored]:
    """What is left of a record, by key, once all of it was taken back."""
    tally.sign = 1
    done = run(fold(subject, left(erasure, held.told).told, tally, bounded=False))
    rows = identities(erasure, held.rows, done.new) | {ERASURE: stored(erasure)}
    if any(row.is_event for row in rows.values()):
        rows[SIZE] = size_of(rows.values())
    return rows


def _replaced(done: FoldResult, before: Sequence[Stored], rows: dict[str, Stored]) -> FoldResult:
    """The rows of a record in place of those that are stored."""
    known = {row.key: row for row in before}
    new = [row for key, row in rows.items() if key not in known]
    changed = [row for key, row in rows.items() if key in known and row != known[key]]
    return done._replace(new=new, changed=changed, gone=sorted(known.keys() - rows.keys()))


def _gone(held: _Held, of_person: Tally) -> Gone:
    """Where the person was told of: of an event that said where, and holds no longer, only that it did is kept."""
    rows = [_row(row.body) for row in held.rows if row.is_event]
    anywhere = any(row.type in _SAY_WHERE and not row.alive for row in rows)
    named = {unit for t in held.told if (unit := getattr(t.data, "unit", None))}
    counted = {cell.unit for cell, _, _ in of_person.deltas}
    return Gone(frozenset(named | counted | ({ALL} if anywhere else set())), [row.id for row in rows if row.id])


def _told(done: FoldResult, counting: Left, duplicates: int) -> FoldResult:
    refused = [one._replace(place=counting.places[one.place]) for one in done.refused]
    ignored = counting.ignored + done.ignored
    return done._replace(duplicates=done.duplicates + duplicates, refused=refused, ignored=ignored)
