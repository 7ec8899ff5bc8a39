"""Reading single values: each reader gives the value, or records the fault and gives None."""

import math
import re
from collections.abc import Callable, Collection
from datetime import date
from typing import TypeVar, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode

from shared.language.language import Language
from shared.language.said import Said, alike
from shared.written.faults import Faults, meant, shown
from shared.written.mailbox import AddressError, mailbox

T = TypeVar("T")
W = TypeVar("W", bound=str)

LANGUAGES: tuple[Language, ...] = get_args(Language)
FEW = 100
SHORT = 6
"""Words that a fault names all of."""
NO_UNIT = Said("ingen enhet", "unit")
LONGEST = 100
"""Characters of an id: longer ones are no keys of a table."""

_TAG = "tag:yaml.org,2002:"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


def is_a(node: Node, *tags: str) -> bool:
    """Whether YAML takes what is written for one of these: ``int``, ``float``, ``bool``, ``null``."""
    return isinstance(node, ScalarNode) and str(node.tag).removeprefix(_TAG) in tags


def must_be(faults: Faults, node: Node, name: str, kind: Said, instead: Said | None = None) -> None:
    """The value of ``name`` is not what it must be; ``instead`` ends the sentence with what to write."""
    given, end = shown(node), instead or alike("")
    faults.add(
        node,
        f'"{name}" måste vara {kind.sv}, inte {given.sv}{end.sv}',
        f'"{name}" must be {kind.en}, not {given.en}{end.en}',
    )


def write(text: str) -> Said:
    """The end of a sentence that says what to write instead."""
    return Said(f"; skriv {text}", f"; write {text}")


def _float(written: str) -> float | None:
    try:
        value = float(written.replace("_", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def text(faults: Faults, node: Node, name: str) -> str | None:
    """A word or sentence; numbers and dates are taken as they are written."""
    word = _word(node)
    if word is None:
        must_be(faults, node, name, alike("text"))
    return word


def _word(node: Node) -> str | None:
    word = str(node.value).strip() if isinstance(node, ScalarNode) and not is_a(node, "null") else ""
    return word or None


def number(faults: Faults, node: Node, name: str) -> float | None:
    """A finite number; a percentage or a decimal comma is a fault that says what to write."""
    value = _float(str(node.value)) if is_a(node, "int", "float") else None
    if value is None:
        must_be(faults, node, name, Said("ett tal", "a number"), _instead(node))
    return value


def _instead(node: Node) -> Said | None:
    written = str(node.value) if isinstance(node, ScalarNode) else ""
    share = _float(written.removesuffix("%").strip().replace(",", "."))
    return None if share is None else write(f"{share / 100 if written.endswith('%') else share:g}")


def flag(faults: Faults, node: Node, name: str) -> bool | None:
    """True or false."""
    if is_a(node, "bool"):
        return str(node.value).lower() == "true"
    must_be(faults, node, name, Said("true eller false", "true or false"))
    return None


def day(faults: Faults, node: Node, name: str) -> date | None:
    """A calendar date."""
    try:
        return date.fromisoformat(str(node.value))
    except ValueError:
        must_be(faults, node, name, Said("ett datum såsom 2026-09-30", "a date such as 2026-09-30"))
        return None


def items(faults: Faults, node: Node, name: str) -> list[Node]:
    """The nodes of a list."""
    if isinstance(node, SequenceNode):
        return list(node.value)
    must_be(faults, node, name, Said("en lista såsom [a, b]", "a list such as [a, b]"))
    return []


def words(faults: Faults, node: Node, name: str) -> tuple[str, ...]:
    """A list of words, each once."""
    found = [text(faults, item, name) for item in items(faults, node, name)]
    return tuple(dict.fromkeys(word for word in found if word))


def one_of(known: Collection[W]) -> Callable[[Faults, Node, str], W | None]:
    """A reader of one word out of ``known``."""

    def read(faults: Faults, node: Node, name: str) -> W | None:
        word = text(faults, node, name)
        if word is None or word in known:
            return next((same for same in known if same == word), None)
        faults.add(node, *_unknown(word, known, Said(f'"{name}" kan inte vara "{word}"', f'unknown {name} "{word}"')))
        return None

    return read


def _unknown(word: str, known: Collection[str], told: Said) -> Said:
    """With the word that was meant, or those that are known where they are few."""
    near, options = meant(word, known), ", ".join(sorted(known)) if 0 < len(known) <= SHORT else ""
    can_be = Said(f"; det kan vara {options}", f"; it can be {options}") if options else alike("")
    end = near if near.en else can_be
    return Said(told.sv + end.sv, told.en + end.en)


def some_of(known: Collection[str], kind: Said) -> Callable[[Faults, Node, str], tuple[str, ...]]:
    """A reader of a list of words out of ``known``.

    ``kind`` is what each of them is; in Swedish what another word is not: ``Said("ingen mottagare", "recipient")``.
    """

    def read_one(faults: Faults, node: Node, name: str) -> str | None:
        word = _word(node)
        if word in known:
            return word
        if word is None:
            given = shown(node)
            faults.add(
                node,
                f'varje värde i "{name}" måste vara text, inte {given.sv}',
                f'"{kind.en}" must be text, not {given.en}',
            )
        else:
            told = Said(f'det finns {kind.sv} "{word}"', f'unknown {kind.en} "{word}"')
            faults.add(node, *_unknown(word, known, told))
        return None

    def read(faults: Faults, node: Node, name: str) -> tuple[str, ...]:
        found = [read_one(faults, item, name) for item in items(faults, node, name)]
        return tuple(dict.fromkeys(word for word in found if word))

    return read


def few(read: Callable[[Faults, Node, str], T | None]) -> Callable[[Faults, Node, str], T | None]:
    """The same reader, of a list that is not long: what units adapt is read for each of them."""

    def read_few(faults: Faults, node: Node, name: str) -> T | None:
        if isinstance(node, SequenceNode) and len(node.value) > FEW:
            faults.add(node, f'"{name}" har fler än {FEW} värden', f'"{name}" has more than {FEW} entries')
            return None
        return read(faults, node, name)

    return read_few


def identifier(faults: Faults, node: Node, name: str) -> str | None:
    """A name that other systems can carry: small letters, digits, dots, hyphens and underscores."""
    word = text(faults, node, name)
    if word is not None and len(word) > LONGEST:
        faults.add(node, f'"{name}" har fler än {LONGEST} tecken', f'"{name}" has more than {LONGEST} characters')
        return None
    if word is not None and not _NAME.fullmatch(word):
        letters = Said('små bokstäver a–z, siffror, ".", "_" och "-"', 'small letters a–z, digits, ".", "_" and "-"')
        must_be(faults, node, name, letters)
        return None
    return word


def address(faults: Faults, node: Node, name: str) -> str | None:
    """One e-mail address that can be written to, without a display name; its domain has a dot."""
    word = text(faults, node, name)
    try:
        if word is None or "." in mailbox(word).host:
            return word
        told = Said("måste vara en enda e-postadress med hel domän", "must be one e-mail address with a whole domain")
    except AddressError as error:
        told = error.sentence
    given = shown(node)
    faults.add(node, f'"{name}" {told.sv}, inte {given.sv}', f'"{name}" {told.en}, not {given.en}')
    return None


def zone(faults: Faults, node: Node, name: str) -> str | None:
    """A time zone of the IANA data base."""
    word = text(faults, node, name)
    try:
        return word and ZoneInfo(word).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        faults.add(
            node,
            f'okänd tidszon "{word}"; skriv en såsom Europe/Stockholm',
            f'unknown time zone "{word}"; write one such as Europe/Stockholm',
        )
        return None
