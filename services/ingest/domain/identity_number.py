"""Swedish personal identity numbers and coordination numbers: recognised in any spelling, and written one way.

Form and check digit as in Folkbokföringslagen (1991:481) § 18 and Skatteverket's description SKV 704; coordination
numbers add 60 to the day (SKV 707). "+" replaces "-" from the year a person turns 100.
"""

import re
from collections.abc import Iterator
from datetime import date

from services.ingest.domain.spelling import joined, plain, readings

_WHOLE = re.compile(r"(18|19|20)?([0-9]{6})([0-9]{4})")
_BORN = r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
_TEN = re.compile(rf"(?=({_BORN})([0-9]{{4}}))")
_TWELVE = re.compile(rf"(?=((?:18|19|20){_BORN})([0-9]{{4}}))")
_DAY = r"(?:18|19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,]([0-9]{1,9})(?:[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?)?)?"
_TIMES = re.compile(rf"(?<![0-9]){_DAY}(?:[T ]{_CLOCK}|(?:[^0-9A-Za-z]{{1,3}}{_DAY})+)(?![0-9])")
"""A day with the time of day, or one day after another. What is left is the fraction of the second: with the digits
that follow, it may be anything."""
_HASHES = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
    r"|(?=(?:[0-9]*[a-f]){2})(?:[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}))(?![0-9A-Za-z])",
    re.IGNORECASE,
)
"""UUIDs, object ids and digests: hexadecimal of their lengths. Ten digits are found in many of them by chance."""
_DIGIT, _END, _HIDING = b"0x!"
_LATIN = range(0x80, 0xC4)
"""Bytes of characters to U+00FF; but those below U+00C0, after 0xC2, are signs that may stand for digits."""


def _read(byte: int) -> int | None:
    """What a byte of JSON is: a digit, an end of what may be one number, what may hide digits, or None between them."""
    if byte in b"\\%&" or byte == 0xC2 or byte > max(_LATIN):
        return _HIDING
    if byte in b"0123456789":
        return _DIGIT
    return _END if (chr(byte).isalpha() and byte < 0x80) or byte == ord('"') else None


_BYTES = [_read(byte) for byte in range(256)]
_BETWEEN = bytes(byte for byte, read in enumerate(_BYTES) if read is None)
_SEEN = bytes(read or 0 for read in _BYTES)
_TEN_DIGITS = 10 * bytes([_DIGIT])
_DOUBLED = bytes.maketrans(b"0123456789", b"0246813579")
_COORDINATION = 60


def canonical(ref: str, year: int) -> str | None:
    """The number as 12 digits, or None if ``ref`` is not a valid one; ``year`` decides the century of ten digits."""
    if not _might_hold(ref):
        return None
    return next(filter(None, (_twelve(plain(reading), year) for reading in readings(ref))), None)


def _twelve(text: str, year: int) -> str | None:
    match = _WHOLE.fullmatch(joined(text))
    if match is None:
        return None
    century, born, serial = match.groups()
    full = (century or _century(int(born[:2]), "+" in text.lstrip("+ "), year)) + born
    return full + serial if _is_date(full) and _check_digit_holds(born + serial) else None


def _century(two_digits: int, is_hundred: bool, year: int) -> str:
    born = year - (year - two_digits) % 100 - (100 if is_hundred else 0)
    return f"{born // 100:02d}"


def _is_date(eight: str) -> bool:
    day = int(eight[6:])
    try:
        date(int(eight[:4]), int(eight[4:6]), day - _COORDINATION if day > _COORDINATION else day)
    except ValueError:
        return False
    return True


def _check_digit_holds(ten: str) -> bool:
    digits = ten.encode()  # ten times the code of "0" is a multiple of ten too
    return (sum(digits[::2].translate(_DOUBLED)) + sum(digits[1::2])) % 10 == 0


def might_be_in(json: bytes) -> bool:
    """Quick and never wrongly False: could a number be in some text of this JSON?"""
    seen = json.translate(_SEEN, _BETWEEN)
    return _TEN_DIGITS in seen or _HIDING in seen


def _might_hold(text: str) -> bool:
    return len(text) >= len(_TEN_DIGITS) and might_be_in(text.replace('"', "").encode(errors="surrogatepass"))


def is_in(text: str) -> bool:
    """Whether a valid number is anywhere in ``text``: in any spelling, and inside longer words and longer numbers.

    Left alone are days with a time of day or another day beside them. UUIDs and digests are looked at in two places
    only, and for twelve digits: at their beginning and at their end.
    """
    return _might_hold(text) and any(_holds(plain(reading)) for reading in readings(text))


def _holds(text: str) -> bool:
    untimed = _TIMES.sub(r"x\1", text)
    ends = "x".join(_ends(match[0]) for match in _HASHES.finditer(untimed))
    return any(_numbers(_TEN, _HASHES.sub("x", untimed))) or any(_numbers(_TWELVE, ends))


def _ends(digest: str) -> str:
    bare = joined(digest)
    return f"{bare[:12]}x{bare[-12:]}"


def _numbers(form: re.Pattern[str], text: str) -> Iterator[bool]:
    return (_is_number(born, serial) for born, serial in set(form.findall(joined(text))))


def _is_number(born: str, serial: str) -> bool:
    if not _check_digit_holds(born[-6:] + serial):
        return False
    return any(map(_is_date, [born] if len(born) == 8 else ["19" + born, "20" + born]))
