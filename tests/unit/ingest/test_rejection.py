"""The record of a refusal."""

from datetime import UTC, datetime

import msgspec

from services.ingest.domain.outcome import Refused
from services.ingest.domain.rejection import KEPT, record
from shared.contracts.rejections import Rejection

NOW = datetime(2024, 1, 1, tzinfo=UTC)


def refused(original: bytes, **fields: object) -> Refused:
    """A refusal of those bytes."""
    return Refused(reason="wrong_type", path="$.data.fte", message="Expected", original=original, **fields)


def test_any_bytes_survive():
    """The original can be read back, whatever it was."""
    original = bytes(range(256))
    kept = msgspec.json.decode(record(refused(original, source="hr"), NOW, "kafka").value, type=Rejection)
    assert (kept.original, kept.source, kept.channel, kept.received) == (original, "hr", "kafka", NOW)


def test_the_reason_is_the_key_and_the_headers_tell_where():
    """Whoever reads the topic can filter without opening the value."""
    made = record(refused(b"x"), NOW, "http")
    assert made.key == b"wrong_type"
    assert dict(made.headers) == {"reason": b"wrong_type", "path": b"$.data.fte", "channel": b"http"}


def test_the_attributes_of_binary_mode_are_kept():
    """Without them the bytes of the data would say nothing."""
    made = record(refused(b"{}", attributes={"id": "e1", "subject": "unit/Söder"}), NOW, "http")
    assert dict(made.headers)["original_ce_subject"] == "unit/Söder".encode()


def test_a_large_original_is_cut_to_fit_a_message():
    """Base64 makes a third more of it; the message says how much there was."""
    made = record(refused(b"x" * 1_000_000), NOW, "http")
    kept = msgspec.json.decode(made.value, type=Rejection)
    assert len(made.value) < 1_000_000
    assert kept.original == b"x" * KEPT
    assert "1000000 bytes" in kept.message
