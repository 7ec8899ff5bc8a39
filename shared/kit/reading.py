"""Every message of a topic is read, whatever its sender made of it: nothing that stands on a topic ends the reading.

aiokafka raises when it meets a batch it cannot unpack, a record it cannot take apart, or a header's name that is no
UTF-8. The partition then stands still for ever, and what was read of others in the same breath is passed over. So its
fetcher is given the batches of ours: what its reader in C takes is read by that; all else is taken apart here.
"""

import struct
from collections.abc import Iterator
from itertools import islice

import structlog
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import DefaultRecordBatch
from aiokafka.record.memory_records import MemoryRecords

from shared.kit.apart import FORMAT, FetchedRecord, Head, apart, whole
from shared.kit.unpacking import UnpackingError, unpacked

log = structlog.get_logger()

LENGTH = struct.Struct(">qi")
"""What every batch begins with: its first offset, and how many bytes follow."""

QUICK = 1 << 20
"""Bytes of records that the reader in C is given at most: it makes objects of any number of headers at once."""


def tolerate() -> None:
    """All consumers of this process read in this way from now on; calling it again changes nothing."""
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
        """The next batch; None behind the last one."""
        batch = self._records.next_batch()
        if batch is None:
            return None
        start = self._at
        self._at += LENGTH.size + LENGTH.unpack_from(self._data, start)[1]
        if not isinstance(batch, DefaultRecordBatch):  # older formats know neither headers nor records within records
            return batch
        return Batch(batch, bytes(self._data[start : self._at]))


class Batch:
    """A batch all of whose records can be read."""

    def __init__(self, batch: DefaultRecordBatch, data: bytes) -> None:
        """``data``: the bytes ``batch`` was made of."""
        self._batch, self._data = batch, data

    def __getattr__(self, name: str) -> object:
        """Whatever else a batch is asked for."""
        return getattr(self._batch, name)

    def __next__(self) -> object:
        """The next record, as the fetcher asks of a batch that holds one mark of a transaction."""
        return next(self._batch)

    def __iter__(self) -> Iterator[object]:
        """The records, in order, each at an offset of its own; what cannot be read is one that holds the bytes."""
        head = Head.of(self._data)
        try:
            records = unpacked(self._data[FORMAT.size :], head.codec)
        except UnpackingError as error:
            log.warning("a batch cannot be unpacked", offset=head.offset, messages=head.messages, reason=str(error))
            yield whole(head, self._data)
            return
        read = 0
        if len(records) <= QUICK:
            # What is not packed needs no batch of its own.
            plain = DefaultRecordBatch(head.plain(self._data) + records) if head.codec else self._batch
            for record in _quick(head, plain):
                yield record
                read += 1
        if read < head.messages:
            yield from islice(apart(head, records), read, None)


def _quick(head: Head, plain: DefaultRecordBatch) -> Iterator[FetchedRecord]:
    """The records that the reader in C takes, until one that it does not."""
    last = -1
    try:
        for number, record in enumerate(plain):
            place = record.offset - head.offset
            if not head.is_place(number, place, last):
                return
            last = place
            yield record
    except Exception:  # noqa: BLE001 -- whatever it was: the record is taken apart by other means
        return
