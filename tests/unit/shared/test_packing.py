"""What goes to topics that others read is packed with gzip, by every producer, quickly."""

import gzip
import re
from pathlib import Path

from aiokafka.record.default_records import DefaultRecordBatchBuilder

from shared.kit import packing

ROOT = Path(__file__).parents[3]
HEAD = 61
"""Bytes before the records of a batch."""


def test_a_batch_is_gzip() -> None:
    """As the attributes of the batch say, and as Python's own gzip reads; at the quick level."""
    assert packing.codec() == "gzip"
    builder = DefaultRecordBatchBuilder(
        magic=2, compression_type=1, is_transactional=0, producer_id=-1, producer_epoch=-1, base_sequence=-1,
        batch_size=1 << 20,
    )  # fmt: skip
    builder.append(0, timestamp=None, key=b"a", value=b"x" * 10_000, headers=[])
    batch = bytes(builder.build())
    assert batch[22] & 7 == 1
    assert b"x" * 10_000 in gzip.decompress(batch[HEAD:])
    assert batch[HEAD:] == packing.packed(gzip.decompress(batch[HEAD:]))


def test_no_producer_packs_otherwise() -> None:
    """None names a codec of its own."""
    sources = [path.read_text("utf-8") for folder in ("cli", "services") for path in (ROOT / folder).rglob("*.py")]
    named = [found for source in sources for found in re.findall(r"compression_type=(.+?),\n", source)]
    assert set(named) == {"packing.codec()"}
