"""How a CSV file is written, found out from the file itself: its encoding, its delimiter, where its header is."""

import codecs
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import BinaryIO

from cli.connect.publishing.line import raw_lines
from cli.connect.publishing.mapping import DETECT, Mapping
from cli.connect.publishing.records import Layout, records

DELIMITERS = (";", "\t", ",", "|")
SINGLE_BYTE = "windows-1252"
"""What Swedish programs write that do not write UTF-8; for letters it is ISO-8859-1."""
LOOKED_AT = 30
"""Records in which the header is looked for."""
_CHUNK = 1 << 20
_SEP = "sep="


def detected(file: BinaryIO, name: str, mapping: Mapping) -> Layout:
    """The layout in which most of the columns that are asked for are found; raises HindranceError for UTF-16."""
    encoding = _encoding(file) if mapping.encoding == DETECT else mapping.encoding
    said = _separator(file, name, encoding)
    every = DELIMITERS if mapping.delimiter == DETECT else (mapping.delimiter,)
    found = [
        (_score(cells, mapping), -at, Layout(encoding, delimiter, at))
        for delimiter in ((said,) if said else every)
        for at, cells in _candidates(file, name, Layout(encoding, delimiter, 1 if said else 0))
    ]
    return max(found, key=lambda one: one[:2], default=(0, 0, Layout(encoding, said or every[0])))[2]


def _candidates(file: BinaryIO, name: str, layout: Layout) -> Iterable[tuple[int, Sequence[str]]]:
    """How many lines stand before each of the first records, and its cells."""
    for record in islice(records(file, name, layout), LOOKED_AT):
        if any(record.cells) or record.error:
            yield record.place.number - 1, record.cells


def _score(cells: Sequence[str], mapping: Mapping) -> int:
    return len(mapping.asked & set(mapping.named(cells)))


def _separator(file: BinaryIO, name: str, encoding: str) -> str | None:
    """What a first line such as ``sep=;`` says."""
    file.seek(0)
    _, line = next(raw_lines(file, name), (None, b""))
    text = line.decode(encoding, "replace").rstrip("\r\n").strip('"')
    return text[len(_SEP)] if text.lower().startswith(_SEP) and len(text) == len(_SEP) + 1 else None


def _encoding(file: BinaryIO) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return SINGLE_BYTE
    return "utf-8"
