"""What a fold has in hand of one record: loaded rows, and how the arriving events changed them."""

from collections import defaultdict
from collections.abc import Generator, Iterable
from typing import NamedTuple

import msgspec

from services.metrics.domain.facts.career import Career
from services.metrics.domain.facts.entry import Entry, ReadEntry
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.erasure import erasure_of
from services.metrics.domain.record.identities import Identities
from services.metrics.domain.record.record import ERASURE, JOB, SIZE, Overtime, Part, Row, Section, Size, Stored
from shared.contracts.erasure import Erasure

DayRange = tuple[Section, int, int]
PLAIN: DayRange = (Section.plain, 0, 0)


class Need(NamedTuple):
    """Rows a fold must see: those with these keys, and those of a section that may matter on days ``lo``–``hi``.

    ``everything`` is the whole record.
    """

    keys: frozenset[str] = frozenset()
    ranges: tuple[DayRange, ...] = ()
    everything: bool = False


Loading = Generator[Need, list[Stored], None]
_row = msgspec.msgpack.Decoder(Row).decode
_part = msgspec.msgpack.Decoder(Part).decode
_overtime = msgspec.msgpack.Decoder(Overtime).decode
_size = msgspec.msgpack.Decoder(Size).decode
_encode = msgspec.msgpack.Encoder().encode
NO_CAREER = Career()


def sized(events: int, absences: int) -> Stored:
    """The row that tells how much there is of a person."""
    return Stored(SIZE, *PLAIN, _encode(Size(events, absences)))


def employments(job: Stored) -> list[ReadEntry]:
    """The events of a person's employments that hold, from the part that is kept under JOB."""
    return [ReadEntry(entry, entry.read()) for entry in _part(job.body).entries]


class Working:
    """Parts and identities before and after the arriving events."""

    def __init__(self, arrivals: Iterable[ReadEntry]) -> None:
        """Nothing loaded, nothing changed."""
        self.identities = Identities()
        self.events = self.absences = 0
        self._size = Size()
        self.parts: dict[str, Part] = {}
        self.changed: dict[str, list[Entry]] = {}
        self.overtime: dict[str, int] = {}
        self.spans: defaultdict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
        self.gained: list[str] = []
        self.lost: list[str] = []
        self.types: set[str] = set()
        self._events = {t.entry.key: t for t in arrivals}
        self.moved: dict[str, DayRange] = {}
        self.contributed: Tally | None = None
        """What the employments contribute, where that was tallied before."""
        self.erasure: Erasure | None = None
        self._asked: set[str] = set()
        self._found: set[str] = set()

    def missing(self, wanted: Iterable[str]) -> set[str]:
        """The keys among these that were neither asked for nor found yet."""
        return set(wanted) - self._asked - self._found

    def keys(self, wanted: Iterable[str]) -> Loading:
        """Load what of these keys was not asked for yet."""
        if missing := self.missing(wanted):
            self._asked |= missing
            self._take((yield Need(frozenset(missing))))

    def ranges(self, wanted: Iterable[DayRange]) -> Loading:
        """Load the parts that may matter on these days."""
        if asked := tuple(r for r in wanted if r[1] <= r[2]):
            self._take((yield Need(ranges=asked)))

    def _take(self, rows: Iterable[Stored]) -> None:
        for row in rows:
            key, section, lo, hi, body = row
            if key in self._found:
                continue
            self._found.add(key)
            if section:
                self.spans[section][key] = lo, hi
            if key == ERASURE:
                self.erasure = erasure_of(row)
            elif section == Section.overtime:
                self.overtime[key] = _overtime(body).total
            elif row.is_event:
                self.identities.load(key, _row(body))
            elif key == SIZE:
                self._size = _size(body)
                self.events, self.absences = self._size.events, self._size.absences
            else:
                self.parts[key] = _part(body)

    def settle(self) -> None:
        """Tell which events are gained and lost, and move them into and out of the parts they fold with."""
        rows, before = self.identities.rows, self.identities.before
        flipped = [key for key in self.identities.touched if (key in before) != rows[key].alive]
        entries: dict[str, dict[str, Entry]] = {}
        for key in flipped:
            row, held = rows[key], key in before
            (self.lost if held else self.gained).append(key)
            self.types.add(row.type)
            if row.part not in entries:
                entries[row.part] = {e.key: e for e in self.before(row.part)}
            if held:
                entries[row.part].pop(key, None)
            else:
                entries[row.part][key] = self.event(key).entry
        entries.pop("", None)
        self.changed = {part: list(some.values()) for part, some in entries.items()}

    def event(self, key: str) -> ReadEntry:
        """An event in hand, with what it says; read once."""
        found = self._events.get(key)
        if found is None:
            entry = self.identities.entry(key)
            found = self._events[key] = ReadEntry(entry, entry.read())
        return found

    def told(self, entries: Iterable[Entry]) -> list[ReadEntry]:
        """Entries of a part beside what they say; read once."""
        events = self._events
        return [events.get(e.key) or events.setdefault(e.key, ReadEntry(e, e.read())) for e in entries]

    def flipped(self, type_: str) -> list[ReadEntry]:
        """The gained and lost events of a type that stands alone."""
        rows = self.identities.rows
        return [self.event(k) for k in (*self.gained, *self.lost) if rows[k].type == type_]

    def in_hand(self, type_: str) -> list[tuple[str, Row]]:
        """The events of a type that are looked at: those that arrived or changed, and those asked for."""
        return [(key, row) for key, row in self.identities.rows.items() if row.type == type_]

    def alone(self, type_: str, *, before: bool) -> list[ReadEntry]:
        """The events in hand of a type that stands alone, as they held before or as they hold now."""
        held = self.identities.before
        return [self.event(k) for k, r in self.in_hand(type_) if (k in held if before else r.alive)]

    def before(self, part: str) -> list[Entry]:
        """The entries of a part as stored."""
        return self.parts[part].entries if part in self.parts else []

    def after(self, part: str) -> list[Entry]:
        """The entries of a part with the arriving events."""
        return self.changed[part] if part in self.changed else self.before(part)

    def career(self) -> Career:
        """The career as stored with the employments."""
        job = self.parts.get(JOB)
        return (job and job.career) or NO_CAREER

    def move(self, key: str, section: Section, lo: int, hi: int) -> None:
        """Say on which days a part may matter from now on."""
        self.moved[key] = (section, lo, hi)

    def stored(self, career: Career | None) -> tuple[list[Stored], list[Stored]]:
        """Every row that is new to the store, and every one that changed."""
        rows, touched, moved = self.identities.rows, self.identities.touched, self.moved
        stored = [self._identity(key, rows[key]) for key in touched]
        for key, (section, lo, hi) in moved.items():
            if key in rows and key not in touched and self.spans[section].get(key) != (lo, hi):
                stored.append(self._identity(key, rows[key]))
            elif key in self.overtime:
                stored.append(Stored(key, *moved[key], _encode(Overtime(self.overtime[key]))))
        for part, entries in self.changed.items():
            body = _encode(Part(entries, career if part == JOB else None))
            stored.append(Stored(part, *moved.get(part, PLAIN), body))
        if SIZE in self._asked and stored:
            stored.append(self._sized(stored))
        found = self._found
        return [r for r in stored if r.key not in found], [r for r in stored if r.key in found]

    def _sized(self, stored: Iterable[Stored]) -> Stored:
        """How much there is once these rows are stored."""
        found, absences, size = self._found, self.spans[Section.absence], self._size
        events = sum(row.is_event and row.key not in found for row in stored)
        more = sum((row.section == Section.absence) - (row.key in absences) for row in stored)
        return sized(size.events + events, size.absences + more)

    def _identity(self, key: str, row: Row) -> Stored:
        alive = row.alive
        if row.part or not alive:
            row.raw = b""
        place = self.moved.get(key, PLAIN) if alive else PLAIN
        return Stored(key, *place, _encode(row))
