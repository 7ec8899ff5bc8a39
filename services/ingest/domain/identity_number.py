"""Swedish personal identity numbers and coordination numbers: recognised, and written one way.

Form and check digit as in Folkbokföringslagen (1991:481) § 18 and Skatteverket's description SKV 704; coordination
numbers add 60 to the day (SKV 707). "+" replaces "-" from the year a person turns 100.
"""

import re
from datetime import date

_WHOLE = re.compile(r"(18|19|20)?([0-9]{6})([-+]?)([0-9]{4})")
_DIGITS = rb"(?:18|19|20)?[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[1-2][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
_DASHES = rb"[-+ ]|\xe2\x80[\x90-\x95]|\xe2\x88\x92"
_INSIDE = re.compile(rb"(?<![0-9A-Za-z])(" + _DIGITS + rb")(?:" + _DASHES + rb")?([0-9]{4})(?![0-9A-Za-z])")
_LONG_RUN = re.compile(rb"[0-9]{6}")
_UUID = re.compile(rb"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_COORDINATION = 60


def canonical(ref: str, year: int) -> str | None:
    """The number as 12 digits, or None if ``ref`` is not a valid one; ``year`` decides the century of ten digits."""
    match = _WHOLE.fullmatch(ref)
    if match is None:
        return None
    century, born, separator, serial = match.groups()
    full = (century or _century(int(born[:2]), separator, year)) + born
    return full + serial if _is_date(full) and _check_digit_holds(born + serial) else None


def _century(two_digits: int, separator: str, year: int) -> str:
    born = year - (year - two_digits) % 100 - (100 if separator == "+" else 0)
    return f"{born // 100:02d}"


def _is_date(eight: str) -> bool:
    day = int(eight[6:])
    try:
        date(int(eight[:4]), int(eight[4:6]), day - _COORDINATION if day > _COORDINATION else day)
    except ValueError:
        return False
    return True


def _check_digit_holds(ten: str) -> bool:
    digits = [int(c) for c in ten]
    return (sum(_DOUBLED[d] for d in digits[::2]) + sum(digits[1::2])) % 10 == 0


def might_be_in(text: bytes) -> bool:
    """Quick and never wrongly False: could a number be somewhere in this UTF-8 text?"""
    return _LONG_RUN.search(text) is not None and _INSIDE.search(text) is not None


def is_in(text: str) -> bool:
    """Whether a valid number stands by itself somewhere in ``text``: not within a longer word, and not in a UUID."""
    plain = _UUID.sub(b"", text.encode())
    return any(_is_number(m[1].decode(), m[2].decode()) for m in _INSIDE.finditer(plain))


def _is_number(born: str, serial: str) -> bool:
    possible = [born] if len(born) == 8 else ["19" + born, "20" + born]
    return any(map(_is_date, possible)) and _check_digit_holds(born[-6:] + serial)
