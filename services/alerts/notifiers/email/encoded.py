"""A header of any text as lines of ASCII that every reader puts together again to exactly that text (RFC 2047).

The encoded words of ``email.policy`` lose or gain spaces where plain and encoded words meet, so one header is either
plain as a whole or encoded as a whole.
"""

import re
from collections.abc import Iterator

LONGEST_LINE = 76  # RFC 2047, 2: of a line with encoded words; the words themselves are shorter by the leading space
_BEFORE, _AFTER = "=?utf-8?q?", "?="
_PLAIN = re.compile(r"[!-~]+( [!-~]+)*")
_KEPT = re.compile(r"[A-Za-z0-9!*+/-]")  # RFC 2047, 5 (3): safe wherever an encoded word may stand


def header(name: str, text: str) -> bytes:
    """The lines of a header, each ended by CRLF; ``text`` must be one line without control characters."""
    whole = f"{name}: {text}"
    if len(whole) <= LONGEST_LINE and _PLAIN.fullmatch(text) and "=?" not in text:
        return f"{whole}\r\n".encode("ascii")
    words = "\r\n ".join(f"{_BEFORE}{word}{_AFTER}" for word in _words(text, len(name) + 2))
    return f"{name}: {words}\r\n".encode("ascii")


def _words(text: str, taken: int) -> Iterator[str]:
    """What the encoded words hold, never a part of a character; ``taken`` is the room before the first of them."""
    room = LONGEST_LINE - len(_BEFORE) - len(_AFTER)
    word, left = "", room - taken
    for character in map(_quoted, text):
        if len(character) > left:
            yield word
            word, left = "", room - 1
        word += character
        left -= len(character)
    yield word


def _quoted(character: str) -> str:
    if character == " ":
        return "_"
    return character if _KEPT.fullmatch(character) else "".join(f"={byte:02X}" for byte in character.encode())
