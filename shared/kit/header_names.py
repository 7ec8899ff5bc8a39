"""Header names that are not UTF-8 are read as they are, with escapes, so that the message can be judged like any other.

Kafka says they are UTF-8 and lets anyone write what they like. aiokafka's reader raises UnicodeDecodeError for the
whole batch: one such name would hide its neighbours, and stop the partition for ever. So what the reader in C can't
read is read again by the library's own reader in Python, which takes its bytes from a buffer of ours.
"""

import struct
from collections.abc import Iterator
from itertools import islice
from typing import Self, SupportsIndex, overload

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import DefaultRecordBatch, _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

LENGTH = struct.Struct(">qi")
"""What every batch begins with: its first offset, and how many bytes follow."""


def tolerate() -> None:
    """All consumers of this process read such names from now on; calling it again changes nothing."""
    fetcher.MemoryRecords = Records


class Records:
    """The batches of an answer to a fetch, as aiokafka's fetcher asks for them."""

    def __init__(self, data: bytes) -> None:
        """``data``: the bytes of an answer, for one partition."""
        self._records = MemoryRecords(data)
        self._data, self._at = memoryview(data), 0
        self.has_next = self._records.has_next
        self.size_in_bytes = self._records.size_in_bytes

    def next_batch(self) -> object:
        """The next batch; None behind the last one. Raises CorruptRecordException."""
        batch = self._records.next_batch()
        if batch is None:
            return None
        start = self._at
        self._at += LENGTH.size + LENGTH.unpack_from(self._data, start)[1]
        if not isinstance(batch, DefaultRecordBatch):  # older formats know no headers
            return batch
        return Batch(batch, self._data[start : self._at])


class Batch:
    """A batch all of whose records can be read."""

    def __init__(self, batch: DefaultRecordBatch, data: memoryview) -> None:
        """``data``: the bytes ``batch`` was made of."""
        self._batch, self._data = batch, data

    def __getattr__(self, name: str) -> object:
        """Whatever else a batch is asked for."""
        return getattr(self._batch, name)

    def __next__(self) -> object:
        """The next record, as the fetcher asks of a batch that holds one mark of a transaction."""
        return next(self._batch)

    def __iter__(self) -> Iterator[object]:
        """The records, in order; raises CorruptRecordException."""
        read = 0
        try:
            for record in self._batch:
                yield record
                read += 1
        except UnicodeDecodeError:
            yield from islice(_lenient(self._data), read, None)


class _Lenient(bytearray):
    """Bytes of which every part is text."""

    @overload
    def __getitem__(self, place: SupportsIndex) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> Self: ...
    def __getitem__(self, place: SupportsIndex | slice) -> int | Self:
        found = super().__getitem__(place)
        return found if isinstance(found, int) else type(self)(found)

    def decode(self, encoding: str = "utf-8", errors: str = "backslashreplace") -> str:
        return super().decode(encoding, errors)


def _lenient(data: memoryview) -> Iterator[object]:
    batch = _DefaultRecordBatchPy(data)
    iter(batch)  # unpacks what is compressed
    batch._buffer = _Lenient(batch._buffer)
    yield from batch
