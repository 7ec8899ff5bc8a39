"""Whatever stands on a topic is read: each message once, in order, what is broken as its bytes."""

import gzip
import struct
from collections.abc import Callable

import cramjam
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kit import apart, reading, unpacking
from shared.kit.reading import Records
from tests.records import batch, field, number, record

Packed = tuple[int, Callable[[bytes], bytes]]


def block(data: bytes) -> bytes:
    """A block of snappy."""
    return bytes(cramjam.snappy.compress_raw(data))


def xerial(data: bytes, version: int = 1) -> bytes:
    """Snappy as Java's clients frame it, in two blocks."""
    blocks = [block(data[:9]), block(data[9:])]
    return b"\x82SNAPPY\x00" + struct.pack(">ii", version, 1) + b"".join(struct.pack(">i", len(b)) + b for b in blocks)


PLAIN: Packed = (0, bytes)
PACKED: dict[str, Packed] = {
    "plain": PLAIN,
    "gzip": (1, gzip.compress),
    "two members of gzip": (1, lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:])),
    "gzip with something behind": (1, lambda data: gzip.compress(data) + b"xxxx"),
    "snappy": (2, block),
    "snappy framed": (2, xerial),
    "snappy framed, of a version to come": (2, lambda data: xerial(data, 9)),
    "lz4": (3, lambda data: bytes(cramjam.lz4.compress(data))),
    "zstd": (4, lambda data: bytes(cramjam.zstd.compress(data))),
}
Read = list[tuple[int, bytes | None, list[tuple[str, bytes | None]]]]


def read(data: bytes) -> Read:
    """Every message of an answer, as the fetcher takes them."""
    records, found = Records(data), []
    while records.has_next():
        one = records.next_batch()
        assert one.validate_crc()
        found += [(r.offset, r.value, list(r.headers)) for r in one]
    return found


def spelt(name: bytes) -> str:
    """What can be read of a header's name."""
    return name.decode("utf-8", "backslashreplace")


headers = st.lists(st.tuples(st.binary(max_size=8), st.none() | st.binary(max_size=3)), max_size=3)
messages = st.lists(st.tuples(st.none() | st.binary(max_size=20), headers), min_size=1, max_size=5)


@pytest.mark.parametrize("packed", PACKED.values(), ids=PACKED)
@given(batches=st.lists(messages, max_size=4))
def test_every_message_is_read(
    packed: Packed, batches: list[list[tuple[bytes | None, list[tuple[bytes, bytes | None]]]]]
):
    """With any values and names of headers, packed in any way."""
    codec, pack = packed
    data, wanted = b"", Read()
    for some in batches:
        records = b"".join(record(value, place, told) for place, (value, told) in enumerate(some))
        data += batch(pack(records), len(some), codec, len(wanted))
        wanted += [(len(wanted) + n, v, [(spelt(k), h) for k, h in told]) for n, (v, told) in enumerate(some)]
    assert read(data) == wanted


@given(st.data())
def test_bytes_of_any_kind_end_nothing(data: st.DataObject):
    """Records with any bytes changed: each place of the batch comes once at most, in order; the next batch is whole."""
    count = data.draw(st.integers(1, 5))
    whole = b"".join(record(b"value %d" % n, n, [(b"name", b"1")]) for n in range(count))
    changed = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    codec, pack = data.draw(st.sampled_from(list(PACKED.values())))
    found = read(batch(pack(bytes(changed)), count, codec) + batch(record(b"next"), 1, 0, count))
    assert found[-1] == (count, b"next", [])
    offsets = [offset for offset, *_ in found[:-1]]
    assert offsets == sorted(set(offsets))
    assert set(offsets) <= set(range(count))
    assert offsets


@given(packed=st.binary(max_size=200), codec=st.integers(0, 7))
def test_what_cannot_be_unpacked_is_one_message(packed: bytes, codec: int):
    """Any bytes in place of what was packed: something of it is read, and the next batch whole."""
    *found, last = read(batch(packed, 3, codec) + batch(record(b"next"), 1, 0, 3))
    assert last == (3, b"next", [])
    assert found


@pytest.mark.parametrize("attributes", [0x80, 0xFF, 0x01])
def test_attributes_of_a_record(attributes: int):
    """They are a byte that says nothing."""
    records = record(b"a") + record(b"b", 1, attributes=attributes) + record(b"c", 2)
    assert [value for _, value, _ in read(batch(records, 3))] == [b"a", b"b", b"c"]


@pytest.mark.parametrize("places", [[0, -50, 2, 100_000, 4], [0, 0, 0, 0, 0], [4, 3, 2, 1, 0], [0, 4, 4, 4, 4]])
def test_places_that_cannot_be(places: list[int]):
    """A message is never lost for the place it claims."""
    records = b"".join(record(b"%d" % n, place) for n, place in enumerate(places))
    assert [(offset, value) for offset, value, _ in read(batch(records, 5))] == [(n, b"%d" % n) for n in range(5)]


def test_places_that_compaction_left():
    """What was compacted away left gaps, which are believed."""
    records = record(b"a", 3) + record(b"b", 7)
    data = bytearray(batch(records, 2))
    data[23:27] = struct.pack(">i", 9)
    told = apart.Head.of(bytes(data))
    assert [one.offset for one in apart.apart(told, records)] == [3, 7]


def test_a_broken_record_takes_no_neighbour_along():
    """It comes as its bytes."""
    broken = b"\x00" + number(0) + number(1) + number(5) + b"ab"
    records = record(b"a") + field(broken) + record(b"c", 2)
    assert read(batch(records, 3)) == [(0, b"a", []), (1, broken, []), (2, b"c", [])]


def test_more_headers_than_any_message_has():
    """Twenty million of them fit into four kilobytes."""
    body = b"\x00" + number(0) + number(1) + field(None) + field(b"v") + number(2_000_000) + b"\x00\x01" * 2_000_000
    packed = bytes(cramjam.zstd.compress(record(b"a") + field(body) + record(b"c", 2)))
    assert [(n, value) for n, value, _ in read(batch(packed, 3, 4))] == [(0, b"a"), (1, body), (2, b"c")]


@pytest.mark.parametrize("name", ["gzip", "snappy", "snappy framed", "lz4", "zstd"])
def test_what_grows_without_end_is_not_unpacked(name: str):
    """A megabyte that claims to hold gigabytes comes as it is packed."""
    codec, pack = PACKED[name]
    packed = pack(record(bytes(unpacking.MOST)))
    assert read(batch(packed, 1, codec)) == [(0, batch(packed, 1, codec), [])]


def test_large_batches():
    """What is too large for the reader in C is read as well."""
    records = b"".join(record(bytes(1_000), n, [(b"name", b"1")]) for n in range(reading.QUICK // 1_000))
    assert len(records) > reading.QUICK
    found = read(batch(records, reading.QUICK // 1_000))
    assert found == [(n, bytes(1_000), [("name", b"1")]) for n in range(reading.QUICK // 1_000)]
