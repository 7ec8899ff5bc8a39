"""One spelling of what is written in many: compatible characters, digits of other scripts, nothing unseen."""

import html
import re
import unicodedata

_SPACES = re.compile(" +")
_BETWEEN = re.compile(r"[\W_]+")
_DIGITS = {float(digit): str(digit) for digit in range(10)}
_CASED = frozenset({"Lu", "Ll", "Lt"})
_ENCODED = re.compile(
    r"(?P<percent>(?:%[0-9A-Fa-f]{2})+)"
    r"|(?P<entity>&(?:#[0-9]{1,7}|#[Xx][0-9A-Fa-f]{1,6}|[A-Za-z]{2,31});)"
    r"|\\(?:u(?P<wide>[0-9A-Fa-f]{4})|x(?P<narrow>[0-9A-Fa-f]{2}))"
)
_SIGNS = frozenset("%&\\")
_TIMES_ENCODED = 3
"""A text passes a few systems on its way, each of which may write signs in its own way."""


def plain(text: str) -> str:
    """The text as compatible characters (NFKC), digits of every script as 0–9, without format characters (Cf)."""
    if text.isascii():
        return text
    return "".join(map(_digit, filter(_is_seen, unicodedata.normalize("NFKC", text))))


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) != "Cf"


def _digit(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def spaced(text: str) -> str:
    """The plain text without outer space, and with one space for every run of them."""
    return _SPACES.sub(" ", plain(text).strip())


def readings(text: str) -> tuple[str, ...]:
    """The text as it stands; and what it says, if signs of it are written as ``%2D``, ``&#45;`` or ``\\u002d``."""
    said = text
    for _ in range(_TIMES_ENCODED if _SIGNS.intersection(text) else 0):
        said = _ENCODED.sub(_decoded, said)
    return (text,) if said == text else (text, said)


def _decoded(sign: re.Match[str]) -> str:
    """What the sign stands for; itself if it stands for nothing."""
    if code := sign["wide"] or sign["narrow"]:
        return chr(int(code, 16))
    try:
        return html.unescape(sign[0]) if sign["entity"] else bytes.fromhex(sign[0].replace("%", "")).decode()
    except UnicodeDecodeError:
        return sign[0]


def joined(plain_text: str) -> str:
    """Letters and digits of a plain text alone, so that no separator keeps the digits of a number apart.

    A letter is what has capitals: others may look like a sign (``ー``, ``ᐨ``) or like nothing at all. A digit is
    whatever means 0–9, in a circle or as a word of one character.
    """
    text = _BETWEEN.sub("", plain_text)
    return text if text.isascii() else "".join(map(_letter_or_digit, text))


def _letter_or_digit(character: str) -> str:
    if digit := _DIGITS.get(unicodedata.numeric(character, -1)):
        return digit
    return character if unicodedata.category(character) in _CASED else ""
