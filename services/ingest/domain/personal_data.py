"""Nothing behind ingest sees a personal identity number: texts that hold one are found here."""

from collections.abc import Iterable, Iterator

import msgspec

from services.ingest.domain import identity_number
from services.ingest.domain.naming import LONGEST_NOTE
from services.ingest.domain.refusal import RefusalError
from shared.contracts.envelope import CloudEvent

LONGEST = LONGEST_NOTE
"""Characters of a text or a name that is looked into: no field that is published holds more."""

_TEXTS = ("id", "source", "subject", "corrects", "delivery")
"""Attributes in the sender's own words."""


def check_published(event: CloudEvent) -> None:
    """Raise RefusalError if the event as it would be published holds what must not travel."""
    texts = {name: text for name in _TEXTS if (text := getattr(event, name))}
    data = bytes(event.data)
    if identity_number.might_be_in('"'.join(texts.values()).encode() + data):
        _check((f"$.{name}", text) for name, text in texts.items())
        if data:
            fields = msgspec.json.decode(data, type=dict[str, object])
            _check((f"$.data.{name}", value) for name, value in fields.items())


def check_ignored(fields: dict[str, object], path: str) -> None:
    """The same for fields that are not published: the sender should learn that it sends identity numbers.

    ``path`` is of what holds them, for their names are the sender's and may be such numbers themselves.
    """
    _check((path, text) for text in _texts(fields))


def _check(texts: Iterable[tuple[str, object]]) -> None:
    for path, text in texts:
        if not isinstance(text, str):
            continue
        if len(text) > LONGEST:
            raise RefusalError("invalid_value", path, f"a text or a name of more than {LONGEST:,} characters")
        if identity_number.is_in(text):
            raise RefusalError(
                "personal_identity_number",
                path,
                "looks like a personal identity number; persons are named only in subject and manager "
                "(in ids of ten digits and more a letter among the digits tells them apart)",
            )


def _texts(whole: object) -> Iterator[str]:
    """Every text, name and number of a JSON value; without recursion, however deep it is nested."""
    rest = [whole]
    while rest:
        value = rest.pop()
        if isinstance(value, dict):
            rest += [*value, *value.values()]
        elif isinstance(value, list):
            rest += value
        elif isinstance(value, str | int | float):
            yield str(value)
