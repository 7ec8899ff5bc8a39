"""Sentences from patterns: ``"{n} [leaver|leavers]"`` picks the form that goes with the number before it."""

import re
import unicodedata
from collections.abc import Mapping

_NUMBER_AND_FORMS = re.compile(r"\{(\w+)\}([^\[\]{}]*)\[([^|\]]*)\|([^\]]*)\]")
_FIELD = re.compile(r"\{(\w+)\}")
_BREAKS = {"Cc", "Cs", "Zl", "Zp"}
_TURNS_TEXT_AROUND = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def phrase(pattern: str, numbers: Mapping[str, float], texts: Mapping[str, str]) -> str:
    """Fill ``pattern`` with ``texts``; ``numbers`` decide between ``[one|many]`` after the field of their name."""

    def inflected(match: re.Match[str]) -> str:
        name, between, one, many = match.groups()
        return f"{{{name}}}{between}{one if numbers[name] == 1 else many}"

    return _NUMBER_AND_FORMS.sub(inflected, pattern).format_map(texts)


def fields(pattern: str) -> set[str]:
    """The names a pattern needs texts for."""
    return set(_FIELD.findall(pattern))


def one_line(text: str) -> str:
    """Foreign text made safe for a header and a line: no line breaks, controls, or marks that reverse the text."""
    kept = (" " if unicodedata.category(c) in _BREAKS else c for c in text if c not in _TURNS_TEXT_AROUND)
    return " ".join("".join(kept).split())


def shortened(text: str, length: int) -> str:
    """At most ``length`` characters, with an ellipsis where something was cut."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def capitalised(text: str) -> str:
    """The first letter made a capital, the rest left alone."""
    return text[:1].upper() + text[1:]
