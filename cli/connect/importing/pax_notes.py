"""What is to be remarked on in a PAXml file that is read all the same, each kind with the places of its records."""

from collections.abc import Iterator

from cli.connect.importing import pax_fields, pax_values
from cli.connect.importing.pax_encoding import PaxText
from cli.connect.importing.pax_fields import Transaction
from cli.connect.importing.pax_text import PaxElement
from cli.connect.importing.pax_values import Fields
from cli.connect.importing.understood import Remark
from cli.connect.publishing.line import FilePlace


class PaxNotes:
    """The notes on a file."""

    def __init__(self, file: str) -> None:
        """None yet; ``file`` is its name."""
        self._file = file
        self._places: dict[str, list[FilePlace]] = {}
        self._seen: set[int] = set()

    def add(self, kind: str, *places: FilePlace) -> None:
        """Note some records."""
        self._places.setdefault(kind, []).extend(places)

    def take(self, record: PaxElement, found: Fields, t: Transaction) -> None:
        """Note what a transaction shows that is used."""
        said = hash(frozenset(found.items()))
        if said in self._seen:
            self.add("said_twice", record.place)
        self._seen.add(said)
        if t.hours is None and t.extent is None and pax_fields.is_left_empty(record.element, "timmar"):
            self.add("hours_left_empty", record.place)
        if pax_values.is_open_ended(found):
            self.add("no_last_day", record.place)

    def remarks(self, text: PaxText) -> Iterator[Remark]:
        """All of them, and what the text of the file shows as a whole."""
        if text.misnamed:
            yield Remark("read_as_utf8", {}, {"file": self._file, "encoding": text.misnamed})
        if not text.is_whole:
            yield Remark("no_root_end", {}, {"file": self._file})
        for kind, places in self._places.items():
            yield Remark(kind, {"n": len(places)}, {"file": self._file, "line": str(places[0].number)})
