"""A line of a file: as an event ready to send, or as the fault that keeps it from being sent."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import msgspec

from services.ingest.domain.decoding import LIMIT, MALFORMED
from services.ingest.domain.refusal import RefusalError, explained

BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_any_json = msgspec.json.Decoder(msgspec.Raw)


class EncodingError(Exception):
    """The whole file is in an encoding that cannot be read; the message says which file and what to do."""


class FilePlace(NamedTuple):
    """Where in which file, counted from 1."""

    file: str
    number: int


class Line(NamedTuple):
    """An event in structured JSON."""

    place: FilePlace
    body: bytes


class LineFault(NamedTuple):
    """Why a line was not accepted."""

    place: FilePlace
    reason: str
    path: str
    message: str


def faulty(place: FilePlace, error: RefusalError) -> LineFault:
    """The fault of a line that is refused before it is sent."""
    return LineFault(place, error.reason, error.path, error.message)


def raw_lines(file: BinaryIO, name: str) -> Iterator[tuple[FilePlace, bytes]]:
    """Lines without a byte order mark; raises EncodingError for UTF-16."""
    for number, line in enumerate(file, 1):
        if number == 1 and line.startswith(_UTF16):
            raise EncodingError(f"{name}: in UTF-16; save it as UTF-8")
        yield FilePlace(name, number), line.removeprefix(BOM) if number == 1 else line


def json_lines(file: BinaryIO, name: str) -> Iterator[Line | LineFault]:
    """The events of a file of JSON lines; blank lines are passed over."""
    for place, line in raw_lines(file, name):
        if body := line.strip():
            try:
                yield Line(place, _checked(body))
            except RefusalError as error:
                yield faulty(place, error)


def _checked(body: bytes) -> bytes:
    """What could spoil the batch it is sent in: whether it is an event is for ingest to say."""
    if len(body) > LIMIT:
        raise RefusalError("too_large", "$", f"{len(body)} bytes; an event has at most {LIMIT}")
    try:
        body.decode()
        _any_json.decode(body)
    except MALFORMED as error:
        raise explained(error) from None
    return body
