"""That a person is erased, or families of their events are trimmed, and which events count nevertheless.

Which they are is a function of an event and of the erasure alone, so it makes no difference in which order they come,
nor who asks: ingest before it publishes an event, metrics before it counts one.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum, auto
from typing import Annotated

import msgspec
from msgspec import Meta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = -(2**62)
"""Microseconds: before anything was recorded."""


class Fate(Enum):
    """What an event of somebody who is erased comes to."""

    COUNTS = auto()
    ENDS = auto()
    """It counts for nothing, and ends what it corrects."""
    NOTHING = auto()


class Erasure(msgspec.Struct, frozen=True, array_like=True):
    """What was recorded by ``at`` (microseconds) counts for nothing, nor what is about days up to ``through``.

    ``families``: nor what events of a family say that name no day after one.
    """

    at: int = NEVER
    through: int = 0
    families: dict[str, int] = {}

    @property
    def is_of_all(self) -> bool:
        """Whether the person is erased, and not families of events alone."""
        return self.at > NEVER

    def covers(self, other: "Erasure") -> bool:
        """Whether another adds nothing to it."""
        trimmed = all(self.families.get(family, 0) >= day for family, day in other.families.items())
        return self.at >= other.at and self.through >= other.through and trimmed

    def fate(self, at: int, data: object, *, family: str = "", corrects: bool) -> Fate:
        """What an event of a family comes to that was recorded ``at`` and says ``data``; a retraction has none."""
        if at <= self.at:
            return Fate.NOTHING
        if _first_day(data) > self.through and not self._trims(family, data):
            return Fate.COUNTS
        return Fate.ENDS if corrects else Fate.NOTHING

    def _trims(self, family: str, data: object) -> bool:
        until = self.families.get(family, 0)
        return until > 0 and _last_day(data) <= until


class ErasedPerson(msgspec.Struct, frozen=True, kw_only=True):
    """That a person is erased, on ``hr.keys`` beside the person's keys; it stays there, and is written over alone.

    Whatever was recorded by the time ``erased`` counts for nothing, nor what is recorded later about days up to
    ``through``. Keys that were made without knowing of it are destroyed.
    """

    erased: Annotated[datetime, Meta(tz=True)]
    through: date


_decoder, _encoder = msgspec.json.Decoder(ErasedPerson), msgspec.json.Encoder()


def microseconds(time: datetime) -> int:
    """Since 1970, the recording time of an event as it is compared."""
    delta = time - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def erasure(at: datetime, through: date) -> Erasure:
    """Of somebody who was erased at a time, with the days up to one."""
    return Erasure(microseconds(at), through.toordinal())


def together(erasures: Sequence[Erasure]) -> Erasure:
    """Several as one."""
    families: dict[str, int] = {}
    for family, day in (one for e in erasures for one in e.families.items()):
        families[family] = max(day, families.get(family, 0))
    return Erasure(max(e.at for e in erasures), max(e.through for e in erasures), families)


def encode(of: Erasure) -> bytes:
    """As it travels on hr.keys, of somebody who is erased."""
    erased = EPOCH + timedelta(microseconds=of.at)
    return _encoder.encode(ErasedPerson(erased=erased, through=date.fromordinal(of.through)))


def decode(message: bytes) -> Erasure:
    """What hr.keys says; raises msgspec.MsgspecError or UnicodeDecodeError."""
    said = _decoder.decode(message)
    return erasure(said.erased, said.through)


def _first_day(data: object) -> int:
    """The first day that an event is about; of a retraction, which is about none, one that no erasure reaches."""
    return min(_days(data), default=date.max.toordinal())


def _last_day(data: object) -> int:
    """The last day that an event names; likewise."""
    return max(_days(data), default=date.max.toordinal())


def _days(data: object) -> list[int]:
    if not isinstance(data, msgspec.Struct):
        return []
    days = (getattr(data, name) for name in data.__struct_fields__)
    return [day.toordinal() for day in days if isinstance(day, date)]
