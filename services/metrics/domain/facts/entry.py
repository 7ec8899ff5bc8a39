"""An event as its record keeps it: when it was recorded, what it says, and whether it is a correction."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from shared.contracts.envelope import CloudEvent
from shared.contracts.erased import READ
from shared.contracts.erasure import microseconds
from shared.contracts.event_types import RETRACTED
from shared.contracts.events import Data

_readers: dict[str, msgspec.json.Decoder[Any]] = {t: msgspec.json.Decoder(kind) for t, (_, kind) in READ.items()}


class Entry(NamedTuple):
    """One event of one subject. ``at`` is the recording time in microseconds; (at, id) orders a record."""

    key: str
    at: int
    id: str
    type: str
    corrects: str | None
    raw: bytes

    @property
    def order(self) -> tuple[int, str]:
        """Later recorded is greater."""
        return self.at, self.id

    def read(self) -> Any:  # noqa: ANN401  (the type is the event's, known where it is asked for)
        """The event's data as the structure of its type."""
        return _readers[self.type].decode(self.raw)


class ReadEntry(NamedTuple):
    """An entry beside what it says."""

    entry: Entry
    data: Any


def entry_of(event: CloudEvent) -> ReadEntry:
    """An accepted event as its record takes it; raises KeyError for a type and msgspec.ValidationError for data
    that ingest would not have let through."""
    at = microseconds(event.time)
    corrects = identity(event.source, event.corrects) if event.corrects else None
    entry = Entry(identity(event.source, event.id), at, event.id, event.type, corrects, bytes(event.data))
    return ReadEntry(entry, None if event.type == RETRACTED else entry.read())


def identity(source: str, id_: str) -> str:
    """(source, id) as one key; the length keeps "a" + "b:c" apart from "a:b" + "c"."""
    return f"{len(source)}:{source}:{id_}"


def source_of(key: str) -> str:
    """The source of an event, from its key."""
    length, _, rest = key.partition(":")
    return rest[: int(length)]


def split(told: Iterable[ReadEntry], *kinds: type[Data]) -> tuple[list[ReadEntry], ...]:
    """The events of each kind, in the order they were recorded; there are no others."""
    found: dict[type[Data], list[ReadEntry]] = {kind: [] for kind in kinds}
    for t in told:
        found[type(t.data)].append(t)
    for some in found.values():
        if len(some) > 1:
            some.sort(key=_order)
    return tuple(found.values())


def _order(t: ReadEntry) -> tuple[int, str]:
    return t.entry.order


def restatements(found: Sequence[ReadEntry]) -> int:
    """How many of several single events restate the first without saying what they correct."""
    return sum(t.entry.corrects is None for t in found[1:])


def day(value: date) -> int:
    """A calendar date as an ordinal."""
    return value.toordinal()
