"""Headers of any text, read back by the standard library and by a reader that follows RFC 2047 to the letter."""

import quopri
import re
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerts.notifiers.email.encoded import header
from shared.language.phrase import one_line

WORD = re.compile(r"=\?utf-8\?q\?([!->@-~]+)\?=")
GAP = re.compile(r"(?<=\?=)[ \t]+(?==\?)")
TEXT = st.text().map(one_line).filter(bool)
SWEDISH = st.lists(
    st.sampled_from(["14,2\xa0%", "–", "över", "a", "%", "=?", "?=", "_", "planens gräns", "😀", "e\u0301"])
)
SUBJECTS = TEXT | SWEDISH.map(" ".join).filter(bool)


def strict(lines: bytes) -> str:
    """Unfold, drop the white space between adjacent encoded words (RFC 2047, 6.2), decode each on its own."""
    value = lines.decode("ascii").removesuffix("\r\n").replace("\r\n", "").removeprefix("Subject: ")
    return WORD.sub(lambda word: quopri.decodestring(word[1], header=True).decode(), GAP.sub("", value))


@given(SUBJECTS)
def test_reads_back_as_it_was_written(text: str) -> None:
    """The strict reader finds exactly the text."""
    assert strict(header("Subject", text)) == text


@given(SUBJECTS)
def test_the_standard_library_reads_the_same(text: str) -> None:
    """So does the mail reader of Python."""
    assert message_from_bytes(header("Subject", text) + b"\r\n", policy=policy.default)["Subject"] == text


@given(SUBJECTS)
def test_lines_are_as_short_as_they_must_be(text: str) -> None:
    """No line is longer than 76 characters, no encoded word than 75, and a continued line begins with a space."""
    first, *rest = header("Subject", text).removesuffix(b"\r\n").split(b"\r\n")
    assert max(map(len, (first, *rest))) <= 76
    assert all(len(word[0]) <= 75 for line in (first, *rest) for word in WORD.finditer(line.decode()))
    assert all(line.startswith(b" =?") for line in rest)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Back within the plan", b"Subject: Back within the plan\r\n"),
        ("=?utf-8?q?a?=", b"Subject: =?utf-8?q?=3D=3Futf-8=3Fq=3Fa=3F=3D?=\r\n"),
        ("14,2 % –över", b"Subject: =?utf-8?q?14=2C2_=25_=E2=80=93=C3=B6ver?=\r\n"),
    ],
)
def test_written_as(text: str, lines: bytes) -> None:
    """Plain text stays readable; what is not plain, or looks encoded, is encoded as a whole."""
    assert header("Subject", text) == lines
