"""What one process of ingest has heard: events that Kafka has, so that a repeat is told from a conflict; units defined.

Ingest keeps no data. This is lost at a restart, bounded, and not shared with other processes: what it says is true, and
that it says nothing means nothing. Downstream a repeat changes nothing anyway.
"""

import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from services.ingest.domain.outcome import Accepted, Outcome
from shared.contracts.envelope import CloudEvent
from shared.contracts.event_types import UNIT_DEFINED
from shared.contracts.subjects import UNIT

EVENTS = 100_000
UNITS = 10_000
LONGEST = 64
"""Characters of a unit's name that is compared with others."""
_SIZE = 16
_DIGITS = re.compile(r"\d+")


class Memory:
    """Events by source and id, each as a digest of what it says; and the units that were defined."""

    def __init__(self, events: int = EVENTS, units: int = UNITS) -> None:
        """Nothing was heard; the oldest events give way beyond ``events``, and units beyond ``units`` are not kept."""
        self._events: OrderedDict[bytes, bytes] = OrderedDict()
        self._most = events
        self.units = Units(units)

    def said(self, event: CloudEvent) -> bytes | None:
        """The digest of what was said before under the same source and id; None if that is not known."""
        return self._events.get(identity(event))

    def hear(self, outcome: Outcome) -> None:
        """Remember an event that was accepted, and that Kafka has."""
        if isinstance(outcome, Accepted):
            self._events[identity(outcome.event)] = content(outcome.event)
            self.units.hear(outcome.event)
            if len(self._events) > self._most:
                self._events.popitem(last=False)


def identity(event: CloudEvent) -> bytes:
    """Of an event: its source and id, in few bytes."""
    return blake2b(f"{len(event.source)}:{event.source}{event.id}".encode(), digest_size=_SIZE).digest()


def content(event: CloudEvent) -> bytes:
    """Of what an event says; not when it was recorded, nor with what it was delivered."""
    said = (event.type, event.subject, event.corrects or "")
    digest = blake2b("".join(f"{len(one)}:{one}" for one in said).encode(), digest_size=_SIZE)
    digest.update(bytes(event.data))
    return digest.digest()


class Units:
    """The units defined so far, and the one that a misspelt name is meant by."""

    def __init__(self, most: int = UNITS, others: "Units | None" = None) -> None:
        """None yet but ``others``."""
        self._most, self._others = most, others
        self._known: set[str] = set()
        self._near: defaultdict[str, set[str]] = defaultdict(set)

    def hear(self, event: CloudEvent) -> None:
        """Remember a unit that is defined."""
        kind, _, name = event.subject.partition("/")
        if event.type == UNIT_DEFINED and kind == UNIT and name not in self._known and len(self._known) < self._most:
            self._known.add(name)
            for shape in _shapes(name):
                self._near[shape].add(name)

    def beside(self, events: Iterable[CloudEvent]) -> "Units":
        """These, and those that the events define."""
        more = Units(self._most, self)
        for event in events:
            more.hear(event)
        return more

    def meant(self, name: str) -> str | None:
        """The unit that a name, which no definition has, is but a letter away from; None if there is none.

        A name that differs in digits alone is another unit's, not a misspelling.
        """
        if self._knows(name):
            return None
        near = {one for shape in _shapes(name) for one in self._sharing(shape)}
        return min((one for one in near if not _numbered(one, name)), default=None)

    def _knows(self, name: str) -> bool:
        return name in self._known or (self._others is not None and self._others._knows(name))

    def _sharing(self, shape: str) -> set[str]:
        others = self._others._sharing(shape) if self._others else set()
        return self._near.get(shape, set()) | others


def _shapes(name: str) -> Iterator[str]:
    """The name, and what is left of it without any one letter: two that differ in one letter share a shape."""
    folded = name.casefold()
    yield folded
    if len(folded) <= LONGEST:
        yield from (folded[:i] + folded[i + 1 :] for i in range(len(folded)))


def _numbered(one: str, other: str) -> bool:
    return one.casefold() != other.casefold() and _DIGITS.sub("", one) == _DIGITS.sub("", other)
