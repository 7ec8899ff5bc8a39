"""A stored record counted anew: all that it contributes by the rules of this release."""

from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from services.metrics.domain.facts.entry import Entry, ReadEntry
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.fold import Fold, FoldResult, fold
from services.metrics.domain.record.record import SIZE, Part, Row, Section, Stored
from services.metrics.domain.record.working import Need, sized


class _Entries(msgspec.Struct, array_like=True):
    """Of a part only the events: what other rules made of them is not read."""

    entries: list[Entry]


_row = msgspec.msgpack.Decoder(Row).decode
_entries = msgspec.msgpack.Decoder(_Entries).decode
_part = msgspec.msgpack.Decoder(Part).decode


def refold(subject: str, stored: Sequence[Stored], tally: Tally) -> list[Stored]:
    """Tally the whole of a record; the rows that this release stores otherwise than they are."""
    told = [ReadEntry(entry, entry.read()) for entry in holding(stored)]
    outcome = run(fold(subject, told, tally, bounded=False))
    held, events = {row.key: row for row in stored}, {t.entry.key for t in told}
    mine = {row.key: row for row in outcome.new if row.key in events or not row.is_event}
    if SIZE in mine:
        mine[SIZE] = size_of({**held, **mine}.values())
    return [row for row in mine.values() if not _same(held.get(row.key), row)]


def size_of(rows: Iterable[Stored]) -> Stored:
    """How much there is of a whole record: events that hold no longer are not counted anew, and have their rows."""
    some = list(rows)
    return sized(sum(row.is_event for row in some), sum(row.section == Section.absence for row in some))


def holding(stored: Iterable[Stored]) -> Iterator[Entry]:
    """The events that hold; those that fold together are kept with their part."""
    for row in stored:
        if row.is_together:
            yield from _entries(row.body).entries
        elif row.is_event and (event := _row(row.body)).alive and not event.part:
            yield Entry(row.key, event.at, event.id, event.type, event.corrects, event.raw)


def run(folding: Fold, stored: Collection[Stored] = ()) -> FoldResult:
    """Everything is in hand: nothing that is asked for is stored elsewhere than among these rows."""
    try:
        need = next(folding)
        while True:
            need = folding.send([row for row in stored if _is_asked(need, row)])
    except StopIteration as done:
        outcome: FoldResult = done.value
        return outcome


def _is_asked(need: Need, row: Stored) -> bool:
    near = any(section == row.section and row.lo <= hi and row.hi >= lo for section, lo, hi in need.ranges)
    return need.everything or near or row.key in need.keys


def _same(held: Stored | None, made: Stored) -> bool:
    """Whether a row says what it did; the order of the events in a part says nothing."""
    if held is None or held[:4] != made[:4]:
        return False
    if held.body == made.body:
        return True
    return made.is_together and content(held) == content(made)


def content(row: Stored) -> object:
    """What a part says, whatever the order of its events; None where this release cannot read it."""
    try:
        part = _part(row.body)
    except msgspec.MsgspecError:
        return None
    return sorted(part.entries), part.career
