"""What a fold has in hand of one record: loaded rows, and how the arriving events changed them."""

from collections.abc import Generator, Iterable
from typing import Any, NamedTuple

import msgspec

from services.metrics.domain.career import Career
from services.metrics.domain.entry import Entry, Told
from services.metrics.domain.record import JOB, Identities, Overtime, Part, Row, Section, Stored

Range = tuple[Section, int, int]
PLAIN: Range = (Section.plain, 0, 0)


class Need(NamedTuple):
    """Rows a fold must see: those with these keys, and those of a section that may matter on days ``lo``–``hi``."""

    keys: frozenset[str] = frozenset()
    ranges: tuple[Range, ...] = ()


Loading = Generator[Need, list[Stored], None]
_row = msgspec.msgpack.Decoder(Row).decode
_part = msgspec.msgpack.Decoder(Part).decode
_overtime = msgspec.msgpack.Decoder(Overtime).decode
_encode = msgspec.msgpack.Encoder().encode


class Working:
    """Parts and identities before and after the arriving events."""

    def __init__(self, arrivals: Iterable[Told]) -> None:
        """Nothing loaded, nothing changed."""
        self.identities = Identities()
        self._said = {t.entry.key: t.data for t in arrivals}
        self._found: set[str] = set()
        self.parts: dict[str, Part] = {}
        self.changed: dict[str, list[Entry]] = {}
        self.overtime: dict[str, int] = {}
        self.spans: dict[str, tuple[int, int]] = {}
        self._moved: dict[str, tuple[Section, int, int]] = {}
        self.asked: set[str] = set()
        self.gained: list[str] = []
        self.lost: list[str] = []
        self.types: set[str] = set()

    def keys(self, wanted: Iterable[str]) -> Loading:
        """Load what of these keys was not asked for yet."""
        missing = frozenset(wanted) - self.asked
        if missing:
            self.asked |= missing
            self._take((yield Need(keys=missing)))

    def ranges(self, wanted: Iterable[Range]) -> Loading:
        """Load the parts that may matter on these days."""
        asked = tuple(r for r in wanted if r[1] <= r[2])
        if asked:
            self._take((yield Need(ranges=asked)))

    def _take(self, rows: Iterable[Stored]) -> None:
        for key, section, lo, hi, body in rows:
            if section != Section.plain:
                self.spans.setdefault(key, (lo, hi))
            if section == Section.overtime:
                self.overtime.setdefault(key, _overtime(body).total)
            elif key[0].isdigit():
                self.identities.load(key, _row(body))
            else:
                self.parts.setdefault(key, _part(body))
            self._found.add(key)
        self.asked |= self._found

    def regroup(self) -> None:
        """Tell which events are gained and lost, and move them into and out of the parts they fold with."""
        self.gained, self.lost = self.identities.gained(), self.identities.lost()
        rows = self.identities.rows
        for key in self.lost:
            if part := rows[key].part:
                self.changed[part] = [e for e in self.after(part) if e.key != key]
        for key in self.gained:
            if part := rows[key].part:
                self.changed[part] = [*self.after(part), self.identities.entry(key)]
        self.types = {rows[key].type for key in (*self.gained, *self.lost)}

    def flipped(self, type_: str) -> list[Any]:
        """What the gained and lost events of a type that stands alone say."""
        rows, entry = self.identities.rows, self.identities.entry
        return [self._read(entry(k)) for k in (*self.gained, *self.lost) if rows[k].type == type_]

    def before(self, part: str) -> list[Entry]:
        """The entries of a part as stored."""
        return self.parts[part].entries if part in self.parts else []

    def after(self, part: str) -> list[Entry]:
        """The entries of a part with the arriving events."""
        return self.changed.get(part, self.before(part))

    def career(self) -> Career:
        """The career as stored with the employments."""
        job = self.parts.get(JOB)
        return (job and job.career) or Career()

    def alone(self, type_: str, *, before: bool) -> list[Told]:
        """The loaded events of a type that stands alone, as they held before or as they hold now."""
        rows, held = self.identities.rows, self.identities.before
        keys = [k for k, r in rows.items() if r.type == type_ and (k in held if before else r.alive)]
        return self.told(map(self.identities.entry, keys))

    def told(self, entries: Iterable[Entry]) -> list[Told]:
        """Entries beside what they say, read once."""
        return [Told(e, self._read(e)) for e in entries]

    def _read(self, e: Entry) -> Any:  # noqa: ANN401  (the type is the event's)
        found = self._said.get(e.key)
        if found is None:
            found = self._said[e.key] = e.read()
        return found

    def move(self, key: str, section: Section, lo: int, hi: int) -> None:
        """Say on which days a part may matter from now on."""
        self._moved[key] = (section, lo, hi)

    def stored(self, career: Career | None) -> tuple[list[Stored], list[Stored]]:
        """Every row that is new to the store, and every one that changed."""
        rows, touched = self.identities.rows, self.identities.touched
        elsewhere = [
            k
            for k, (_, lo, hi) in self._moved.items()
            if k in rows and k not in touched and self.spans.get(k) != (lo, hi)
        ]
        stored = [self._identity(key, rows[key]) for key in (*touched, *elsewhere)]
        stored += [self._group(part, entries, career) for part, entries in self.changed.items()]
        overtime = ((part, total) for part, total in self.overtime.items() if part in self._moved)
        stored += [Stored(part, *self._moved[part], _encode(Overtime(total))) for part, total in overtime]
        return [r for r in stored if r.key not in self._found], [r for r in stored if r.key in self._found]

    def _identity(self, key: str, row: Row) -> Stored:
        if row.part or not row.alive:
            row.raw = b""
        place = self._moved.get(key, PLAIN) if row.alive else PLAIN
        return Stored(key, *place, _encode(row))

    def _group(self, part: str, entries: list[Entry], career: Career | None) -> Stored:
        place = self._moved.get(part, PLAIN)
        return Stored(part, *place, _encode(Part(entries, career if part == JOB else None)))
