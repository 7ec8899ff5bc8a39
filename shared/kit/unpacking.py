"""Batches of records are unpacked up to a size: a kilobyte on the topic may claim to hold gigabytes."""

import struct
import zlib
from collections.abc import Callable, Mapping

import cramjam

MOST = 32 << 20
"""Bytes of records in one batch; brokers take 1 MiB as it is packed."""

LEAST, GROWTH = 256, 16
"""Bytes that room is made for beside those of a batch; how many times as much is tried, again and again."""

XERIAL, XERIAL_HEAD = b"\x82SNAPPY\x00", 16
"""How the framing begins that Java's clients put around snappy, and how long that beginning is."""


class UnpackingError(Exception):
    """What is packed cannot be unpacked, or is too much; the message says which."""


def unpacked(data: bytes, codec: int) -> bytes:
    """The records of a batch packed by a codec of Kafka (0: not at all). Raises UnpackingError."""
    if codec not in CODECS:
        raise UnpackingError(f"no codec {codec}")
    try:
        return CODECS[codec](data)
    except (cramjam.DecompressionError, zlib.error, struct.error) as error:
        raise UnpackingError(str(error)) from None


def _gzip(data: bytes) -> bytes:
    """One member after another; what stands behind them is none of the records."""
    found = bytearray()
    while data[:2] == b"\x1f\x8b":
        member = zlib.decompressobj(wbits=31)
        found += member.decompress(data, MOST + 1 - len(found))
        _bounded(len(found))
        if not member.eof:
            raise UnpackingError("the data end before they are whole")
        data = member.unused_data
    return bytes(found)


def _snappy(data: bytes) -> bytes:
    if not data.startswith(XERIAL):
        return _block(data, MOST)
    found, at = bytearray(), XERIAL_HEAD
    while at + 4 <= len(data):
        size = struct.unpack_from(">i", data, at)[0]
        if size < 0:
            raise UnpackingError("a block of negative size")
        found += _block(data[at + 4 : at + 4 + size], MOST - len(found))
        at += 4 + size
    return bytes(found)


def _block(data: bytes, most: int) -> bytes:
    if cramjam.snappy.decompress_raw_len(data) > most:
        raise UnpackingError(f"more than {MOST} bytes")
    return bytes(cramjam.snappy.decompress_raw(data))


def _into(decompress: Callable[[bytes, bytearray], int]) -> Callable[[bytes], bytes]:
    """By a function that fills a buffer, and fails once it is full: then in a larger one."""

    def unpack(data: bytes) -> bytes:
        size = LEAST + len(data)
        while True:
            size = min(GROWTH * size, MOST)
            room = bytearray(size)
            try:
                return bytes(memoryview(room)[: decompress(data, room)])
            except cramjam.DecompressionError as error:
                if size == MOST or "whole buffer" not in str(error):
                    raise

    return unpack


def _bounded(size: int) -> None:
    if size > MOST:
        raise UnpackingError(f"more than {MOST} bytes")


CODECS: Mapping[int, Callable[[bytes], bytes]] = {
    0: lambda data: data,
    1: _gzip,
    2: _snappy,
    3: _into(cramjam.lz4.decompress_into),
    4: _into(cramjam.zstd.decompress_into),
}
