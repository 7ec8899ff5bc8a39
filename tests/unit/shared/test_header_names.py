"""Messages with header names of any bytes, in batches as Kafka keeps them."""

import pytest
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from hypothesis import given
from hypothesis import strategies as st

from shared.kit.header_names import Records
from tests.header_names import HeaderName

CODECS = range(5)
"""None, gzip, snappy, lz4, zstd."""
Headers = list[tuple[bytes, bytes | None]]


def batch(first: int, messages: list[Headers], codec: int) -> bytes:
    """A batch with a message for each list of headers."""
    builder = _DefaultRecordBatchBuilderPy(2, codec, 0, -1, -1, -1, 1 << 20)
    for offset, headers in enumerate(messages):
        builder.append(offset, 1, b"key", b"value %d" % offset, [(HeaderName(name), value) for name, value in headers])
    written = bytes(builder.build())
    return first.to_bytes(8, "big") + written[8:]


def read(data: bytes) -> list[tuple[int, bytes, list[tuple[str, bytes | None]]]]:
    """Every message of an answer, as the fetcher takes them."""
    records, found = Records(data), []
    while records.has_next():
        one = records.next_batch()
        assert one.validate_crc()
        found += [(record.offset, record.value, record.headers) for record in one]
        assert one.next_offset == len(found)
    return found


@pytest.mark.parametrize("codec", CODECS)
@given(
    batches=st.lists(
        st.lists(
            st.lists(st.tuples(st.binary(max_size=8), st.none() | st.binary(max_size=3)), max_size=3),
            min_size=1,
            max_size=4,
        ),
        max_size=4,
    )
)
def test_every_message_is_read(codec: int, batches: list[list[Headers]]):
    """In order, once, with what can be read of its headers' names."""
    starts = [sum(map(len, batches[:number])) for number in range(len(batches))]
    data = b"".join(batch(start, some, codec) for start, some in zip(starts, batches, strict=True))
    wanted = [
        (at, b"value %d" % (at - start), [(name.decode("utf-8", "backslashreplace"), value) for name, value in headers])
        for start, some in zip(starts, batches, strict=True)
        for at, headers in enumerate(some, start)
    ]
    assert read(data) == wanted
