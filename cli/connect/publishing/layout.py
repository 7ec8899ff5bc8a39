"""How a CSV file is written, found out from the file itself: its encoding, its delimiter, where its header is."""

import codecs
import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import BinaryIO

from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.line import FilePlace, raw_lines
from cli.connect.publishing.mapping import DETECT, Mapping
from cli.connect.publishing.records import Layout, records

DELIMITERS = (";", "\t", ",", "|")
SINGLE_BYTE = "windows-1252"
"""What Swedish programs write that do not write UTF-8; for letters it is ISO-8859-1."""
LOOKED_AT = 30
"""Records in which the header is looked for."""
_CHUNK = 1 << 20
_SEP = "sep="
_OURS = re.compile(rb"[\xe5\xe4\xf6\xc5\xc4\xd6]")
_OTHERS = re.compile(rb"(?<=[A-Za-z])[\x84\x86\x8a\x8c\x94](?=[A-Za-z])")
"""The letters å, ä and ö, in Windows-1252; and within words those of CP850 and Mac Roman, which there are signs."""
_BROKEN = re.compile("[\udc80-\udcff]")
_LETTER = re.compile("[^\0-\x7f\udc80-\udcff]")


def detected(file: BinaryIO, name: str, mapping: Mapping) -> Layout:
    """The layout in which most of the columns that are asked for are found.

    Raises HindranceError for UTF-16, and for letters in an encoding that is not looked for.
    """
    encoding = _encoding(file, name) if mapping.encoding == DETECT else mapping.encoding
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


def _encoding(file: BinaryIO, name: str) -> str:
    """UTF-8 if most letters beyond ASCII are that: a few bytes that are not spoil their rows alone."""
    letters = broken = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    file.seek(0)
    while chunk := file.read(_CHUNK):
        text = decoder.decode(chunk)
        if not text.isascii():
            letters, broken = letters + len(_LETTER.findall(text)), broken + len(_BROKEN.findall(text))
    broken += len(decoder.decode(b"", final=True))
    if letters >= broken:
        return "utf-8"
    _check_letters(file, name)
    return SINGLE_BYTE


def _check_letters(file: BinaryIO, name: str) -> None:
    """Raise HindranceError with the first line whose letters are those of another encoding than Windows-1252."""
    file.seek(0)
    first: FilePlace | None = None
    ours = others = 0
    for place, line in raw_lines(file, name):
        found = len(_OTHERS.findall(line))
        ours, others = ours + len(_OURS.findall(line)), others + found
        first = first or (place if found else None)
    if first and others > ours:
        raise HindranceError("unread_letters", f"{name}:{first.number}")
