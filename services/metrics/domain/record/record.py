"""A subject's record, part by part: which events hold, and where each one's part is kept.

Identity, corrections and retractions only ever make events die, never come back, so the order of arrival cannot
matter: an event is dead when any event corrects it, or when it corrects the same event as a later recorded one.
"""

from enum import IntEnum
from typing import NamedTuple

import msgspec

from services.metrics.domain.facts.career import Career
from services.metrics.domain.facts.entry import Entry
from shared.contracts.event_types import RETRACTED

JOB = "job"
LIFE = "life"
DEFINITION = "definition"
ABSENCE = "absence:"
OVERTIME = "overtime:"
"""Keys of parts; those of events are digests (``is_event``), so the two can't meet."""


class Section(IntEnum):
    """What kind of part a stored row is, for finding the neighbours of a change by day."""

    plain = 0
    absence = 1
    caseload = 2
    hours = 3
    milestone = 4
    overtime = 5
    bonus = 6


class Stored(NamedTuple):
    """A row of a record as the store keeps it; ``lo``–``hi`` are the days it may matter on."""

    key: str
    section: int
    lo: int
    hi: int
    body: bytes

    @property
    def is_event(self) -> bool:
        """Whether this is an event, not a part: the key of an event begins with a digit, that of a part with a letter.

        PostgreSQL tells them apart in the same way (COUNT_EVENTS).
        """
        return self.key[0].isdigit()


class Row(msgspec.Struct, array_like=True, kw_only=True):
    """One event's identity. ``type`` is empty while only a correction of it has arrived."""

    at: int = 0
    id: str = ""
    type: str = ""
    corrects: str | None = None
    part: str = ""
    dead: bool = False
    corrector: tuple[int, str, str] | None = None
    raw: bytes = b""

    @property
    def alive(self) -> bool:
        """Whether the event holds."""
        return self.type not in ("", RETRACTED) and self.corrector is None and not self.dead


class Part(msgspec.Struct, array_like=True):
    """Events that fold together (one absence, all employments); ``career`` is what the employments fold to."""

    entries: list[Entry]
    career: Career | None = None


class Overtime(msgspec.Struct, array_like=True):
    """An upper bound of a person's overtime in a calendar year, in millionths of hours."""

    total: int


class Identities:
    """The rows of the events a batch touches, and which of them hold before and after it."""

    def __init__(self) -> None:
        """Nothing loaded."""
        self.rows: dict[str, Row] = {}
        self.before: set[str] = set()
        self.touched: set[str] = set()
        self.duplicates = 0
        self.came: list[Entry] = []

    def load(self, key: str, row: Row) -> None:
        """A row as stored; the first load wins, later ones may be older than what this batch did."""
        if key not in self.rows:
            self.rows[key] = row
            if row.alive:
                self.before.add(key)

    def arrive(self, entry: Entry, part: str) -> None:
        """Take an event into the record; the same identity again changes nothing."""
        row = self.rows.setdefault(entry.key, Row())
        if row.type:
            self.duplicates += 1
            return
        self.came.append(entry)
        row.at, row.id, row.type, row.corrects, row.part = entry.at, entry.id, entry.type, entry.corrects, part
        row.raw = entry.raw
        self.touched.add(entry.key)
        if entry.corrects:
            self._correct(entry.corrects, (entry.at, entry.id, entry.key))

    def _correct(self, key: str, challenger: tuple[int, str, str]) -> None:
        target = self.rows.setdefault(key, Row())
        self.touched.add(key)
        loser = None if target.corrector is None else min(target.corrector, challenger)
        target.corrector = challenger if target.corrector is None else max(target.corrector, challenger)
        if loser:
            self.rows[loser[2]].dead = True
            self.touched.add(loser[2])

    def entry(self, key: str) -> Entry:
        """The event of a row."""
        r = self.rows[key]
        return Entry(key, r.at, r.id, r.type, r.corrects, r.raw)
