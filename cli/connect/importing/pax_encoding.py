"""The encoding of a PAXml file: the one it declares, unless it is seen to be written in another."""

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from cli.connect.publishing import beginnings
from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.words import Hindrance

PREFIX = r"(?:[\w.-]+:)?"
"""Of a namespace, before the name of an element."""
_ROOT = re.compile(rf"<{PREFIX}paxml[\s>]")
_ROOT_END = re.compile(rf"</{PREFIX}paxml\s*>")
_HEADER = re.compile(rf"<{PREFIX}header[\s>].*?</{PREFIX}header\s*>", re.DOTALL)
_SURROGATE = re.compile("[\udc80-\udcff]")
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class PaxText(NamedTuple):
    """A file as text; ``misnamed`` is the encoding it declares, if that is another one than UTF-8 and not so."""

    text: str
    misnamed: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether its root is closed; what is left of a file that was not fetched to its end has none."""
        return bool(_ROOT_END.search(self.text))


def text(file: Path) -> PaxText:
    """The file in the encoding it declares, or UTF-8 where it is that; a byte that does not fit stays in its place as a
    surrogate.

    Raises HindranceError if the encoding is not known, the header is in another one, or the file is no PAXml.
    """
    raw = file.read_bytes()
    declared = _encoding(raw)
    found = PaxText(raw.decode(), declared) if _is_utf8(raw, declared) else PaxText(_decoded(raw, declared, file))
    if not _ROOT.search(found.text):
        raise _another(raw, found.text, declared, file)
    header = _HEADER.search(found.text)
    if header and _SURROGATE.search(header[0]):
        raise HindranceError("other_encoding", file, encoding=declared)
    return found


def _decoded(raw: bytes, encoding: str, file: Path) -> str:
    for errors in ("surrogateescape", "replace"):  # half of a character of UTF-16 cannot be kept
        try:
            return raw.decode(encoding, errors)
        except UnicodeError:
            continue
        except LookupError:
            break
    raise HindranceError("no_encoding", file, encoding=encoding)


def _is_utf8(raw: bytes, declared: str) -> bool:
    """Whether it is UTF-8 and cannot be what it declares.

    That is so of letters in UTF-8 where bytes for letters are declared, and of UTF-16 without its mark: who declares it
    in single bytes has not written it.
    """
    try:
        is_wide = "<".encode(declared) != b"<"
        if _marked(raw) or (not is_wide and (raw.isascii() or len("ä".encode(declared)) != 1)):
            return False
        raw.decode()
    except (LookupError, UnicodeError):
        return False
    return True


def _another(raw: bytes, text: str, declared: str, file: Path) -> HindranceError:
    """What the file is, since it is no PAXml."""
    kind = beginnings.kind(raw[: beginnings.LENGTH])
    if kind in {"half_archive", "old_workbook"}:
        kind = "workbook"
    if kind == "paxml":
        return HindranceError("other_encoding", file, encoding=declared)
    if kind is None or kind == "xml":
        return HindranceError(_text_kind(text), file)
    return HindranceError(kind, file, **({} if kind in {"compressed", "events"} else {"wanted": "paxml"}))


def _text_kind(text: str) -> Hindrance:
    begins = text.lstrip("\ufeff \t\r\n")[:1]
    return "empty" if not begins else "no_paxml" if begins == "<" else "table_no_paxml"


def _encoding(raw: bytes) -> str:
    declared = _DECLARED.search(raw[:1000])
    return _marked(raw) or (declared[1].decode() if declared else "utf-8")


def _marked(raw: bytes) -> str | None:
    return next((name for mark, name in _MARKS if raw.startswith(mark)), None)
