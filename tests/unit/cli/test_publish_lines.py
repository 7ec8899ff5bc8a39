"""JSON lines: which are sent, and what is wrong with the others."""

from io import BytesIO

import pytest

from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.line import Line, LineFault, json_lines
from cli.connect.publishing.sender import EVENTS, batches
from tests import builders as make

EVENT = make.encoded(make.unit_defined("u1"))


def read(content: bytes) -> list[Line | LineFault]:
    """What becomes of a file."""
    return list(json_lines(BytesIO(content), "log.jsonl"))


def test_every_line_is_an_event():
    """Blank lines and a missing last line break change nothing."""
    lines = read(EVENT + b"\n\n" + EVENT)
    assert [(line.place.number, line.body) for line in lines if isinstance(line, Line)] == [(1, EVENT), (3, EVENT)]


def test_a_byte_order_mark_is_passed_over():
    """Windows programs write one."""
    assert [line.body for line in read(b"\xef\xbb\xbf" + EVENT) if isinstance(line, Line)] == [EVENT]


@pytest.mark.parametrize(
    ("line", "reason"), [(b"{", "not_json"), (b"\xe5", "not_utf8"), (b'"' + b"x" * 1_000_000 + b'"', "too_large")]
)
def test_a_faulty_line_is_told_and_the_others_go_on(line: bytes, reason: str):
    """It would spoil the batch it is sent in."""
    good, bad, last = read(EVENT + b"\n" + line + b"\n" + EVENT)
    assert isinstance(good, Line)
    assert isinstance(last, Line)
    assert isinstance(bad, LineFault)
    assert (bad.place, bad.reason) == (("log.jsonl", 2), reason)


def test_utf16_is_refused_as_a_whole():
    """None of its lines could be read."""
    with pytest.raises(HindranceError, match=r"log\.jsonl: in UTF-16"):
        read(EVENT.decode().encode("utf-16"))


def test_batches_keep_the_order_and_their_size():
    """No request is larger than ingest takes."""
    lines = [line for line in read((EVENT + b"\n") * (EVENTS + 1)) if isinstance(line, Line)]
    sizes = [len(batch) for batch in batches(lines)]
    assert sizes == [EVENTS, 1]
    assert [line for batch in batches(lines) for line in batch] == lines
