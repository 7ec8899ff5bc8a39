"""What ``workforce.metrics`` says of a source: how far it has told, whether it is late, what else is wrong with it."""

from datetime import date
from typing import Literal

import msgspec

REPORTED = "workforce.source.reported.v1"


class SourceContact(msgspec.Struct, frozen=True):
    """Who is told."""

    name: str
    email: str
    language: Literal["sv", "en"]


class VolumeDrop(msgspec.Struct, frozen=True):
    """A day on which a source recorded far fewer events than it usually does on such a weekday."""

    day: date
    events: int
    usual: float


class KindReported(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One kind of events that a source delivers, and how often it is to.

    ``fresh_until`` is the last day on which it recorded any; absent while it never has. After ``due``, the last day
    that may pass without, it is ``late``.
    """

    kind: str
    cadence: str
    fresh_until: date | None = None
    due: date | None = None
    late: bool = False
    drop: VolumeDrop | None = None


class SourceReported(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A source as of one day; sent when anything of it changes, and on every new day.

    ``unknown_units`` are units that its events name and nobody has defined: the first of them, if there are many.
    """

    source: str
    today: date
    contact: SourceContact
    kinds: tuple[KindReported, ...]
    unknown_units: tuple[str, ...] = ()

    @property
    def late(self) -> tuple[KindReported, ...]:
        """The kinds that are late."""
        return tuple(kind for kind in self.kinds if kind.late)


def key(report: SourceReported) -> bytes:
    """The Kafka key: reports of one source stay in order. No group has one that begins so."""
    return f"|source|{report.source}".encode()
