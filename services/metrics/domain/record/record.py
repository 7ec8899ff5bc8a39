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
SIZE = "size"
ERASURE = "erased"
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
        """Whether this is an event, not a part: the key of one begins with a digit, that of the other with a letter."""
        return self.key[0].isdigit()

    @property
    def is_together(self) -> bool:
        """Whether this is a part with events that fold together."""
        return not (self.is_event or self.key in (SIZE, ERASURE) or self.key.startswith(OVERTIME))


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


class Size(msgspec.Struct, array_like=True):
    """How much there is of a person: events, with those that only a correction tells of, and absences that hold."""

    events: int = 0
    absences: int = 0
