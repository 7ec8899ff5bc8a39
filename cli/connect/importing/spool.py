"""The events of an import, kept in a file without a name until all are made: nothing is sent before all is judged."""

import hashlib
import tempfile
from array import array
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import TracebackType

import msgspec
import numpy as np

from cli.connect.publishing.digests import named
from cli.connect.publishing.line import FilePlace, Line
from services.ingest.domain.pseudonym import canonical
from shared.contracts.event_types import RETRACTED
from shared.contracts.subjects import PERSON_PREFIX


class _Event(msgspec.Struct, frozen=True):
    type: str
    subject: str
    time: str


_event = msgspec.json.Decoder(_Event)


@lru_cache(1000)
def _hash(subject: str, year: int) -> int:
    """Of a subject: the same for all spellings of a person's number."""
    return hash(canonical(subject.removeprefix(PERSON_PREFIX), year))


class Spool:
    """Events in the order they were made; only their places are kept in memory, eight bytes each and a hash."""

    def __init__(self, folder: Path | None) -> None:
        """Empty; the file is in that folder, or where such files are."""
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 -- closed by __exit__
        self._numbers, self._files = array("I"), array("I")
        self._subjects, self._taken_back = array("q"), array("q")
        self._names: dict[str, int] = {}
        self._digest = hashlib.sha256()
        self.types: Counter[str] = Counter()

    def __enter__(self) -> "Spool":
        """Until it is left, the events are there."""
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        """The file goes with its content."""
        self._file.close()

    def __len__(self) -> int:
        """How many events."""
        return len(self._numbers)

    def take(self, line: Line) -> None:
        """The next event."""
        event = _event.decode(line.body)
        self.types[event.type] += 1
        of = self._taken_back if event.type == RETRACTED else self._subjects
        of.append(_hash(event.subject, int(event.time[:4])))
        self._numbers.append(line.place.number)
        self._files.append(self._names.setdefault(line.place.file, len(self._names)))
        self._digest.update(b"\n" + line.body if len(self) > 1 else line.body)
        self._file.write(line.body + b"\n")

    @property
    def people(self) -> int:
        """How many subjects something is said of; where all is taken back, of how many."""
        return len(np.unique(np.frombuffer(self._subjects or self._taken_back, np.int64)))

    @property
    def name(self) -> str:
        """A name made of all of them."""
        return named(self._digest.hexdigest())

    def bodies(self) -> Iterator[bytes]:
        """Each event with the end of its line."""
        self._file.seek(0)
        return iter(self._file)

    def lines(self) -> Iterator[Line]:
        """The events and where they come from."""
        names = list(self._names)
        for body, number, file in zip(self.bodies(), self._numbers, self._files, strict=True):
            yield Line(FilePlace(names[file], number), body.rstrip(b"\n"))
