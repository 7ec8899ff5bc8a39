"""What may be a name or a reference: ingest refuses everything else, and whoever reads events may ask again.

A *reference* tells one thing of a source from another. A *name* also becomes a word of the product (a unit, an
occupation, a measure): part of keys, labels, links and lists, where ``|`` separates and ``*`` means everything.
"""

import re
import unicodedata
from functools import lru_cache

from shared.contracts.metrics import ALL

SEPARATOR = "|"
"""Stands between the parts of a key: unit and occupation; plan, target and unit."""
RESERVED = frozenset({ALL})
LONGEST = 200
"""Characters of a name, as of every reference in the data of an event."""
REMEMBERED = 4_096
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Controls, formats (zero-width, direction), unassigned, private, surrogates, separators of lines and paragraphs."""
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters, marks and a sign that are drawn as nothing."""
_PLAIN = re.compile(r"[ -~À-ÿ]*")
_ORDINARY = re.compile(r"[0-9A-Za-z](?:[ -~À-ÿ]*[!-~À-ÿ])?")
"""Most references: one look instead of four."""
_STEPS = re.compile(r"[/\\]")
_NOWHERE = frozenset({"", ".", ".."})


def unwritable(text: str) -> str | None:
    """What is wrong with the characters of a text, or None: those nobody sees, or that turn what is beside them."""
    if _PLAIN.fullmatch(text):
        return None
    if _BLANK.intersection(text):
        return "holds a character that is drawn as nothing"
    if any(unicodedata.category(c) in _INVISIBLE for c in text):
        return "holds a control, format, private or unassigned character"
    return None


def not_a_reference(text: str) -> str | None:
    """Why a text is no reference, in words that follow its path and never quote it; None if it is one."""
    if _ORDINARY.fullmatch(text):
        return None
    if fault := unwritable(text):
        return fault
    if text in RESERVED:
        return "is a reserved word"
    if text != text.strip():
        return "begins or ends with a space"
    return None if any(map(str.isalnum, text)) else "has neither a letter nor a digit"


@lru_cache(REMEMBERED)
def not_a_name(text: str) -> str | None:
    """Why a text is no name of the product, in the same words; None if it is one."""
    if fault := not_a_reference(text):
        return fault
    if len(text) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if SEPARATOR in text:
        return f"holds the reserved character {SEPARATOR}"
    return "looks like a path" if _NOWHERE.intersection(_STEPS.split(text)) else None
