"""What a file that cannot be read is, by how it begins."""

import re

from cli.connect.publishing.words import Hindrance

LENGTH = 4096
"""Bytes of the beginning that are looked at."""
_KINDS: tuple[tuple[re.Pattern[bytes], Hindrance], ...] = (
    (re.compile(rb"%PDF-"), "pdf"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "old_workbook"),
    (re.compile(rb"\x1f\x8b|7z\xbc\xaf|Rar!|BZh"), "compressed"),
    (re.compile(rb"\s*<(?:!doctype html|html|table|head|body|meta)\b", re.IGNORECASE), "web_page"),
    (re.compile(rb"\s*<.*<(?:[\w.-]+:)?paxml[\s>]", re.DOTALL), "paxml"),
    (re.compile(rb"\s*<\?xml\b"), "xml"),
    (re.compile(rb"\{\\rtf"), "rtf"),
    (re.compile(rb'\s*\{\s*"'), "events"),
    (re.compile(rb"PK"), "half_archive"),
)
_UNSEEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x19\x1b-\x1f]")
"""What no text has: not tabs, ends of lines, or what ends a file of DOS."""
SELDOM = 20
"""Of so many bytes of a text less than one is unseen; of a picture or a program more."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
OTHERS: frozenset[Hindrance] = frozenset({"pdf", "web_page", "xml", "rtf", "no_text"})
"""Kinds whose words say what was wanted instead."""


def kind(beginning: bytes) -> Hindrance | None:
    """What begins so; None for text, of whatever it is."""
    beginning = beginning.removeprefix(b"\xef\xbb\xbf")
    if found := next((kind for form, kind in _KINDS if form.match(beginning)), None):
        return found
    return "no_text" if _is_binary(beginning) and not beginning.startswith(_UTF16) else None


def _is_binary(beginning: bytes) -> bool:
    """Whether it has NUL bytes, and so many unseen ones that it is no text in which a stray one stands."""
    return b"\0" in beginning and len(_UNSEEN.findall(beginning)) * SELDOM > len(beginning)
