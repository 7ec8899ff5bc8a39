"""A PAXml file as text, cut into its records: one that is broken spoils no other.

A parser for the whole document stops at the first fault, or guesses where a record ends and so puts the next one inside
it. Here every record is parsed by itself, from the text between its own tags. No document type comes along, so none can
declare entities.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers.expat import ExpatError, ParserCreate

from cli.connect.importing.pax_encoding import PREFIX
from cli.connect.publishing.line import FilePlace, LineFault

_RECORD = rf"{PREFIX}(header|tidtrans|schema|person)"
_START = re.compile(rf"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<{_RECORD}(?=[\s/>])", re.DOTALL)
_END = re.compile(rf"</{_RECORD}\s*>")
_EMPTY = re.compile(r"<[^<>]*/>")


class PaxElement(NamedTuple):
    """An element of the file: ``header``, ``tidtrans``, ``schema`` or ``person``."""

    place: FilePlace
    name: str
    element: Element


def records(document: str, name: str) -> Iterator[PaxElement | LineFault]:
    """The records in the order of the file, each parsed by itself; comments are passed over."""
    starts = [match for match in _START.finditer(document) if match[1]]
    ends = [*(start.start() for start in starts), len(document)][1:]
    line, counted = 1, 0
    for start, after in zip(starts, ends, strict=True):
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
