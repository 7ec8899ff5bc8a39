"""Records of Kafka's format (magic 2) taken apart, also those that break its rules.

The format: https://kafka.apache.org/documentation/#recordbatch and #record.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple, Self

MOST_HEADERS = 1_000
"""Headers of one message: its sender may pack twenty million into four kilobytes."""

FORMAT = struct.Struct(">qiibIhiqqqhii")
"""The head of a batch: offset, length, epoch, magic, checksum, attributes, last offset, times, producer, how many."""

ATTRIBUTES = slice(21, 23)
"""Where among these bytes the attributes are."""

CODEC, APPENDED = 0b111, 0b1000
"""Bits of the attributes: how the records are packed; whether their time is that of the broker."""

WIDEST = 63
"""Bits of a number of variable length."""

Headers = list[tuple[str, bytes | None]]


class FetchedRecord(NamedTuple):
    """A message as aiokafka's fetcher takes it."""

    offset: int
    timestamp: int
    timestamp_type: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    checksum: None = None


class RecordBody(NamedTuple):
    """What a record says: its offset and time as differences from those of its batch, and what it carries."""

    offset: int
    time: int
    key: bytes | None
    value: bytes | None
    headers: Headers


class BrokenError(Exception):
    """The bytes are no record."""


class Head(NamedTuple):
    """What a batch says of all its records."""

    offset: int
    attributes: int
    last: int
    first_time: int
    latest_time: int
    messages: int

    @classmethod
    def of(cls, data: bytes) -> Self:
        """The head of a batch."""
        offset, _, _, _, _, attributes, last, first, latest, _, _, _, messages = FORMAT.unpack_from(data)
        return cls(offset, attributes, last, first, latest, messages)

    @property
    def codec(self) -> int:
        """How the records are packed."""
        return self.attributes & CODEC

    def plain(self, data: bytes) -> bytes:
        """The head of the same batch with its records unpacked."""
        attributes = (self.attributes & ~CODEC).to_bytes(2, "big", signed=True)
        return data[: ATTRIBUTES.start] + attributes + data[ATTRIBUTES.stop : FORMAT.size]

    def is_place(self, number: int, told: int, before: int) -> bool:
        """Whether record ``number`` of the batch can stand where it says, counted from the first.

        It stands behind the record ``before``, and leaves one place for each that follows.
        """
        return before < told <= self.last - self.messages + 1 + number

    def record(self, place: int, told: RecordBody) -> FetchedRecord:
        """A record of the batch, at its place."""
        appended = bool(self.attributes & APPENDED)
        time = self.latest_time if appended else self.first_time + told.time
        return FetchedRecord(self.offset + place, time, int(appended), told.key, told.value, told.headers)


def whole(head: Head, data: bytes) -> FetchedRecord:
    """In place of all records of a batch that cannot be unpacked: its bytes, at the last of their offsets."""
    return head.record(max(head.last, 0), _unread(data))


def apart(head: Head, records: bytes) -> Iterator[FetchedRecord]:
    """The records of a batch; one that is broken is given as its bytes, and so is all behind a broken length."""
    at, place = 0, -1
    for number in range(head.messages):
        try:
            body, at = _framed(records, at)
        except BrokenError:
            yield head.record(place + 1, _unread(records[at:]))
            return
        try:
            told = _told(body)
        except BrokenError:
            told = _unread(body)
        place = told.offset if head.is_place(number, told.offset, place) else place + 1
        yield head.record(place, told)


def _unread(data: bytes) -> RecordBody:
    """What cannot be read, as the value of a message that says no place."""
    return RecordBody(-1, 0, None, data, [])


def _framed(records: bytes, at: int) -> tuple[bytes, int]:
    """The bytes of a record, and where the next one begins."""
    size, at = _number(records, at)
    if not 0 <= size <= len(records) - at:
        raise BrokenError
    return records[at : at + size], at + size


def _told(body: bytes) -> RecordBody:
    time, at = _number(body, 1)
    offset, at = _number(body, at)
    key, at = _bytes(body, at)
    value, at = _bytes(body, at)
    headers, at = _headers(body, at)
    if at != len(body):
        raise BrokenError
    return RecordBody(offset, time, key, value, headers)


def _headers(body: bytes, at: int) -> tuple[Headers, int]:
    """Names that are no UTF-8 are read with escapes."""
    number, at = _number(body, at)
    if not 0 <= number <= MOST_HEADERS:
        raise BrokenError
    headers: Headers = []
    for _ in range(number):
        name, at = _bytes(body, at)
        value, at = _bytes(body, at)
        headers.append(((name or b"").decode("utf-8", "backslashreplace"), value))
    return headers, at


def _bytes(body: bytes, at: int) -> tuple[bytes | None, int]:
    size, at = _number(body, at)
    if size < 0:
        return None, at
    if size > len(body) - at:
        raise BrokenError
    return body[at : at + size], at + size


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length (zigzag), and where it ends."""
    found = shift = 0
    while shift <= WIDEST and at < len(data):
        byte = data[at]
        found, at, shift = found | (byte & 0x7F) << shift, at + 1, shift + 7
        if not byte & 0x80:
            return (found >> 1) ^ -(found & 1), at
    raise BrokenError
