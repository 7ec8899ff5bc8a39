"""What a file states, as events that a later statement of the same thing replaces.

A statement has a key: what it is about, whatever it says of it. Its event corrects the id made of the key, an event
that is never sent. Of several events that correct the same one the last recorded holds, so files imported in any order,
and again, with whatever changes, leave what the latest says; and nothing is counted as a contradiction.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec

from cli.connect.publishing.digests import name_of
from cli.connect.publishing.line import FilePlace, Line
from shared.contracts.event_types import RETRACTED

Key = tuple[str, ...]
Event = dict[str, object]
PERSONS = frozenset({"manager"})
"""Fields that name persons: no id is made of them, since whoever sees an id could try all identity numbers."""


class Statement(NamedTuple):
    """An event to be; ``type`` RETRACTED (without data) says that nothing of the key is so."""

    place: FilePlace
    key: Key
    type: str
    subject: str
    data: dict[str, object]

    @property
    def said(self) -> tuple[str, str, dict[str, object]]:
        """All but where it stands: two that say the same are one."""
        return self.type, self.subject, self.data


def lines(statements: Iterable[Statement], source: str, time: datetime) -> Iterator[Line]:
    """The events of statements made at ``time``."""
    for s in statements:
        event = statement(source, s.type, s.subject, time.isoformat(), s.data)
        yield Line(s.place, msgspec.json.encode(stated(s.key, event)))


def statement(source: str, type_: str, subject: str, time: str, data: dict[str, object]) -> Event:
    """An event but for its id; a retraction has no data."""
    event: Event = {"specversion": "1.0", "source": source, "type": type_, "subject": subject, "time": time}
    return event if type_ == RETRACTED else event | {"data": data}


def stated(key: Key, event: Event) -> Event:
    """The event as a statement of the key."""
    data = event.get("data", {})
    assert isinstance(data, dict)  # noqa: S101 -- tells the type checker what an event's data is
    public = {name: value for name, value in sorted(data.items()) if name not in PERSONS}
    said = msgspec.json.encode(public).decode()
    identified = identity((*key, str(event["type"]), said, str(event["time"])))
    return {"id": identified, **event, "corrects": identity(key)}


def difference(old: Iterable[Statement], new: Iterable[Statement]) -> Iterator[Statement]:
    """What to say so that ``new`` holds where ``old`` was said: what is other or more, and retractions of the rest."""
    before = {s.key: s for s in old}
    for s in new:
        known = before.pop(s.key, None)
        if known is None or known.said != s.said:
            yield s
    for s in before.values():
        yield s._replace(type=RETRACTED, data={})


def identity(parts: Iterable[str]) -> str:
    """The id of an event made of these parts."""
    return name_of(msgspec.json.encode(list(parts)))
