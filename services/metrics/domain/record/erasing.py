"""Folding events that arrive, among them that the person is erased: then all that is stored is taken back and goes.

What is left is a fold of the events that count nevertheless (``erasure``), and the erasure itself.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from services.metrics.domain.facts.entry import ReadEntry
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.erasure import Left, erasure_of, keeps, left, markers, stored
from services.metrics.domain.record.fold import Fold, FoldResult, fold
from services.metrics.domain.record.record import ERASURE, SIZE, Row, Stored
from services.metrics.domain.record.refold import holding, run, size_of
from services.metrics.domain.record.working import Need
from shared.contracts.erasure import Erasure, together

_row = msgspec.msgpack.Decoder(Row).decode


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
    tally.add(contributed(subject, held.told), -1)
    return _told(_anew(subject, held, erasure, counting, tally), counting, 0)


def contributed(subject: str, told: Sequence[ReadEntry]) -> Tally:
    """What the events of a record that hold come to."""
    tally = Tally()
    run(fold(subject, told, tally, bounded=False))
    return tally


def _read(rows: Sequence[Stored]) -> _Held:
    found = next((erasure_of(row) for row in rows if row.key == ERASURE), None)
    return _Held(rows, [ReadEntry(entry, entry.read()) for entry in holding(rows)], found)


def _anew(subject: str, held: _Held, erasure: Erasure, counting: Left, tally: Tally) -> FoldResult:
    """The record of what counts, in place of the one that is stored."""
    before = left(erasure, held.told)
    tally.sign = 1
    done = run(fold(subject, [*before.told, *counting.told], tally, bounded=False))
    rows = {row.key: row for row in held.rows if row.is_event and _stays(erasure, row)}
    rows |= {row.key: row for row in done.new} | {ERASURE: stored(erasure)}
    if any(row.is_event for row in rows.values()):
        rows[SIZE] = size_of(rows.values())
    known = {row.key for row in held.rows}
    new = [row for key, row in rows.items() if key not in known]
    changed = [row for key, row in rows.items() if key in known]
    return done._replace(new=new, changed=changed, gone=sorted(known - rows.keys()))


def _stays(erasure: Erasure, stored_row: Stored) -> bool:
    """An event that does not hold, and never will: should it be seen again, it still does not."""
    row = _row(stored_row.body)
    return not row.alive and keeps(erasure, row)


def _told(done: FoldResult, counting: Left, duplicates: int) -> FoldResult:
    refused = [one._replace(place=counting.places[one.place]) for one in done.refused]
    ignored = counting.ignored + done.ignored
    return done._replace(duplicates=done.duplicates + duplicates, refused=refused, ignored=ignored)
