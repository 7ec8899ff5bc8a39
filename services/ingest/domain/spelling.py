"""One spelling of what is written in many: compatible characters, digits of other scripts, nothing unseen."""

import re
import unicodedata

_SPACES = re.compile(" +")
_BETWEEN = re.compile(r"[\W_]+")


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


def joined(plain_text: str) -> str:
    """Letters and digits of a plain text alone, so that no separator keeps the digits of a number apart."""
    return _BETWEEN.sub("", plain_text)
