"""Letters as tables and as JSON, for terminals that must not be moved by what others wrote."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from rich.table import Table

from cli.connect.dead_letters.desk import KeptLetter, Tried
from cli.terminal import harmless, harmless_json
from shared.contracts.dead_letters import Content
from shared.language.language import Language
from shared.language.said import Said, alike


class Listed(msgspec.Struct):
    """A letter as the JSON lists it."""

    service: str
    place: str
    reason: str
    bytes: int
    received: datetime


class Shown(msgspec.Struct):
    """A letter with what it says; ``value`` is Base64 where it is no text."""

    place: str
    reason: str
    error: str
    received: datetime
    key: str | None
    value: str | None
    base64: bool


class LetterOutcome(msgspec.Struct):
    """What became of a letter as the JSON tells it."""

    service: str
    place: str
    became: str
    error: str | None


TITLE = Said("{} meddelanden åt sidan", "{} messages put aside")
HEADINGS = (
    Said("tjänst", "service"),
    Said("plats", "place"),
    Said("skäl", "reason"),
    alike("bytes"),
    Said("sedan", "since"),
)
BECAME = {
    "taken": Said("tagna", "taken"),
    "refused": Said("avvisade", "refused"),
    "failed": Said("misslyckades", "failed"),
    "gone": Said("borta", "gone"),
}
NOTHING = Said("inget att försöka med", "nothing to retry")


def table(found: Sequence[KeptLetter], language: Language) -> Table:
    """A line for each."""
    made = Table(title=TITLE.told(language).format(len(found)))
    for heading in (said.told(language) for said in HEADINGS):
        made.add_column(heading, overflow="fold")
    for at, letter in found:
        since = letter.received.strftime("%Y-%m-%d %H:%M:%S %Z")
        made.add_row(*map(harmless, (at.service, str(letter.place), letter.reason, str(letter.bytes), since)))
    return made


def listed(found: Sequence[KeptLetter]) -> bytes:
    """The same as JSON."""
    return _json([Listed(at.service, str(one.place), one.reason, one.bytes, one.received) for at, one in found])


def shown(content: Content) -> bytes:
    """One with what it says, as JSON."""
    letter = content.letter
    key, value = _text(content.key), _text(content.value)
    return _json(
        Shown(
            str(letter.place),
            letter.reason,
            content.error,
            letter.received,
            _base64(content.key) if key is None else key,
            _base64(content.value) if value is None else value,
            content.value is not None and value is None,
        )
    )


def _text(content: bytes | None) -> str | None:
    try:
        return content.decode() if content is not None else None
    except UnicodeDecodeError:
        return None


def _base64(content: bytes | None) -> str | None:
    found: str | None = msgspec.to_builtins(content)
    return found


def summary(tried: Sequence[Tried], language: Language) -> str:
    """How many became what, and each that is still kept."""
    words = {name: said.told(language) for name, said in BECAME.items()}
    became = Counter(one.retried.became for one in tried)
    counts = ", ".join(f"{count} {words[name]}" for name, count in sorted(became.items()))
    lines = [counts or NOTHING.told(language)]
    for at, one in tried:
        if one.became in {"refused", "failed"}:
            lines.append(f"{at.service} {one.place}: {words[one.became]}, {one.error}")
    return "\n".join(map(harmless, lines))


def outcomes(tried: Sequence[Tried]) -> bytes:
    """The same as JSON."""
    return _json([LetterOutcome(at.service, str(one.place), one.became, one.error) for at, one in tried])


def _json(found: Any) -> bytes:  # noqa: ANN401  (whatever msgspec encodes)
    return harmless_json(msgspec.json.format(msgspec.json.encode(found), indent=2))
