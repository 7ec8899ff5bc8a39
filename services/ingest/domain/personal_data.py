"""Nothing behind ingest sees a personal identity number: texts that hold one, or control characters, are found here."""

from collections.abc import Callable, Iterator

import msgspec

from services.ingest.domain import identity_number
from services.ingest.domain.refusal import RefusalError

FREE_TEXT = "$.data.note"
_LINE_BREAKS = str.maketrans("", "", "\n\r\t")
_CONTROLS = frozenset(map(chr, [*range(32), 127]))


def check_published(body: bytes) -> None:
    """Raise RefusalError if the event as it would be published holds what must not travel."""
    if b"\\" in body or b"\x7f" in body or identity_number.might_be_in(body):
        _check(msgspec.json.decode(body), "$", _check_text)


def check_ignored(fields: dict[str, msgspec.Raw]) -> None:
    """The same for fields that are not published: the sender should learn that it sends identity numbers."""
    for name, value in fields.items():
        if b"\\" in bytes(value) or identity_number.might_be_in(bytes(value)) or identity_number.is_in(name):
            _check({name: msgspec.json.decode(value)}, "$.data", _check_number)


def _check(value: object, path: str, check: Callable[[str, str], None]) -> None:
    for where, text in _texts(value, path):
        check(text, where)


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _texts(item, f"{path}[{i}]")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield path, name
            yield from _texts(item, f"{path}.{name}")


def _check_text(text: str, path: str) -> None:
    visible = text.translate(_LINE_BREAKS) if path == FREE_TEXT else text
    if not _CONTROLS.isdisjoint(visible):
        raise RefusalError("invalid_value", path, "holds a control character")
    _check_number(text, path)


def _check_number(text: str, path: str) -> None:
    if identity_number.is_in(text):
        raise RefusalError(
            "personal_identity_number",
            path,
            "looks like a personal identity number; persons are named only in subject and manager "
            "(an id of that form is told apart by a letter in front)",
        )
