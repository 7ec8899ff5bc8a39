"""A PAXml file as text, cut into its records: one that is broken spoils no other.

A parser for the whole document stops at the first fault, or guesses where a record ends and so puts the next one inside
it. Here every record is parsed by itself, from the text between its own tags. No document type comes along, so none can
declare entities.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers.expat import ExpatError, ParserCreate

from cli.connect.publishing import beginnings
from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.line import FilePlace, LineFault

_PREFIX = r"(?:[\w.-]+:)?"
_ROOT = re.compile(rf"<{_PREFIX}paxml[\s>]")
_RECORD = rf"{_PREFIX}(header|tidtrans|schema|person)"
_START = re.compile(rf"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<{_RECORD}(?=[\s/>])", re.DOTALL)
_END = re.compile(rf"</{_RECORD}\s*>")
_EMPTY = re.compile(r"<[^<>]*/>")
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_HEADER = re.compile(rf"<{_PREFIX}header[\s>].*?</{_PREFIX}header\s*>", re.DOTALL)
_SURROGATE = re.compile("[\udc80-\udcff]")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class PaxElement(NamedTuple):
    """An element of the file: ``header``, ``tidtrans``, ``schema`` or ``person``."""

    place: FilePlace
    name: str
    element: Element


class PaxText(NamedTuple):
    """A file as text; ``misnamed`` is the encoding it declares, if that is another one than UTF-8 and not so."""

    text: str
    misnamed: str = ""


def text(file: Path) -> PaxText:
    """The file in the encoding it declares, or UTF-8 where it is that; a byte that does not fit stays in its place as a
    surrogate.

    Raises HindranceError if the encoding is not known, the header is in another one, or the file is no PAXml.
    """
    raw = file.read_bytes()
    declared = _encoding(raw)
    found = PaxText(raw.decode(), declared) if _is_utf8(raw, declared) else PaxText(_decoded(raw, declared, file))
    if not _ROOT.search(found.text):
        raise _another(raw, file)
    header = _HEADER.search(found.text)
    if header and _SURROGATE.search(header[0]):
        raise HindranceError("other_encoding", file, encoding=declared)
    return found


def _decoded(raw: bytes, encoding: str, file: Path) -> str:
    try:
        return raw.decode(encoding, "replace" if encoding == "utf-16" else "surrogateescape")
    except LookupError:
        raise HindranceError("no_encoding", file, encoding=encoding) from None


def _is_utf8(raw: bytes, declared: str) -> bool:
    """Whether it holds letters in UTF-8 alone, and declares bytes for letters: by chance that is never so."""
    try:
        if raw.isascii() or "ä".encode(declared) != "ä".encode("latin-1"):
            return False
        raw.decode()
    except (LookupError, UnicodeDecodeError, UnicodeEncodeError):
        return False
    return True


def _another(raw: bytes, file: Path) -> HindranceError:
    """What the file is, since it is no PAXml."""
    kind = beginnings.kind(raw[: beginnings.LENGTH])
    if kind in {"half_archive", "old_workbook"}:
        kind = "workbook"
    if kind in {None, "paxml"}:
        return HindranceError("no_paxml" if raw.strip() else "empty", file)
    return HindranceError(kind, file, **({} if kind == "compressed" else {"wanted": "paxml"}))


def _encoding(raw: bytes) -> str:
    marked = next((name for mark, name in _MARKS if raw.startswith(mark)), None)
    declared = _DECLARED.search(raw[:1000])
    return marked or (declared[1].decode() if declared else "utf-8")


def records(document: str, name: str) -> Iterator[PaxElement | LineFault]:
    """The records in the order of the file, each parsed by itself; comments are passed over."""
    starts = [match for match in _START.finditer(document) if match[1]]
    line, counted = 1, 0
    for start, after in zip(starts, [*(s.start() for s in starts[1:]), len(document)], strict=True):
        line += document.count("\n", counted, start.start())
        counted = start.start()
        yield _record(FilePlace(name, line), start[1], document[start.start() : after])


def _record(place: FilePlace, name: str, text: str) -> PaxElement | LineFault:
    ends = [match for match in _END.finditer(text) if match[1] == name]
    empty = _EMPTY.match(text)
    if not ends and not empty:
        return LineFault(place, "not_well_formed", name, f"<{name}> is not closed before the next record or the end")
    try:
        return PaxElement(place, name, _parsed(text[: ends[0].end() if ends else empty.end() if empty else 0]))
    except UnicodeEncodeError:
        message = "holds bytes that are not of the encoding the file declares"
        return LineFault(place, "not_utf8", name, message, "other_encoding")
    except ExpatError as error:
        at = FilePlace(place.file, place.number + error.lineno - 1)
        return LineFault(at, "not_well_formed", name, f"not well-formed XML: {str(error).partition(':')[0]}")


def _parsed(text: str) -> Element:
    tree, parser = TreeBuilder(), ParserCreate()
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.data
    parser.Parse(text, True)
    return tree.close()
