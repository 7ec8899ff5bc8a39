"""What one command publishes belongs together: a delivery, named after what is published.

The same command again is the same delivery, so one that was broken off is completed by it. How many events it has is
said last, of those that were accepted, with one of them: sent again it changes nothing.
"""

from array import array
from collections.abc import Iterable, Iterator
from hashlib import blake2b, file_digest
from pathlib import Path

import msgspec

from cli.connect.publishing.digests import name_of
from cli.connect.publishing.line import Line


class _Event(msgspec.Struct, frozen=True):
    id: str
    source: str
    delivery: str | None = None


_event = msgspec.json.Decoder(_Event)
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


def of_files(files: Iterable[str], mapping: object) -> str | None:
    """The name of what is in some files, read as a mapping says; None where one cannot be read twice."""
    read = [msgspec.json.encode(mapping)]
    for path in map(Path, files):
        if not path.is_file():
            return None
        with path.open("rb") as content:
            read.append(file_digest(content, "blake2b").digest())
    return name_of(b"".join(read))


class Together:
    """The delivery that a command sends: of each source one, by the same name."""

    def __init__(self, name: str) -> None:
        """Nothing of it is accepted yet."""
        self.name = name
        self._of: dict[str, _Accepted] = {}

    @property
    def is_begun(self) -> bool:
        """Whether any of it was accepted."""
        return bool(self._of)

    def named(self, line: Line) -> Line:
        """The event as one of this delivery, unless it is of another; what is no event stays as it is."""
        return _with(line, "delivery", self.name, instead=False)

    def accepted(self, lines: Iterable[Line]) -> None:
        """Count events, each once."""
        for line in lines:
            event = _event.decode(line.body)
            if event.delivery == self.name:
                self._of.setdefault(event.source, _Accepted()).add(event.id, line)

    def last(self) -> Iterator[Line]:
        """Of each source an event that says how many the delivery has."""
        for some in self._of.values():
            yield _with(some.last, "deliverycount", some.count, instead=True)


class _Accepted:
    """The events of one source, by digests of their ids: there may be millions."""

    last: Line

    def __init__(self) -> None:
        self._ids = array("Q")

    def add(self, id_: str, line: Line) -> None:
        self._ids.append(int.from_bytes(blake2b(id_.encode(), digest_size=8).digest()))
        self.last = line

    @property
    def count(self) -> int:
        return len(set(self._ids))


def _with(line: Line, name: str, value: str | int, *, instead: bool) -> Line:
    try:
        fields = _fields.decode(line.body)
    except msgspec.MsgspecError:
        return line
    if not instead and bytes(fields.get(name, b"null")) != b"null":
        return line
    return line._replace(body=msgspec.json.encode(fields | {name: value}))
