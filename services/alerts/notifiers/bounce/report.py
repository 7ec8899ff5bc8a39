"""A bounce as it comes: which mail it is about, whose address failed, for good or not yet, and why."""

import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.message import Message
from typing import NamedTuple

from flufl.bounce import all_failures

from shared.language.phrase import one_line, shortened

LONGEST_REASON = 300
MOST_NAMED = 50
"""Message-IDs that one bounce may name."""
_ID = re.compile(r"<[^<>\s]{1,250}>")
_QUOTING = frozenset({"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"})


class Bounce(NamedTuple):
    """``mails`` are Message-IDs that it may be about, the likeliest first; addresses are in small letters."""

    mails: tuple[str, ...]
    gone: frozenset[str]
    put_off: frozenset[str]
    why: str


def bounce(raw: bytes) -> Bounce | None:
    """What a message says failed; None of one that is no bounce. Raises whatever a hostile message makes parsers raise.

    Addresses are those the reports name: `Final-Recipient` and `Original-Recipient` of RFC 3464, and what servers wrote
    before it.
    """
    message = message_from_bytes(raw)
    put_off, gone = (frozenset(map(_address, found)) for found in all_failures(message))
    statuses = [*_statuses(message)]
    gone |= {_address(one.partition(";")[2]) for one in _told(statuses, "Original-Recipient") if gone}
    if not (gone or put_off):
        return None
    return Bounce(tuple(_mails(message))[:MOST_NAMED], gone, put_off - gone, _why(statuses))


def _address(found: bytes | str) -> str:
    return (found.decode("utf-8", "replace") if isinstance(found, bytes) else found).strip().strip("<>").lower()


def _mails(message: Message) -> Iterator[str]:
    """Of the mail that it quotes; else those that it answers."""
    quoted = [part for part in message.walk() if part.get_content_type() in _QUOTING]
    headers = [value for part in quoted for value in _headers(part, "Message-ID")]
    headers += [str(message[name]) for name in ("In-Reply-To", "References") if message[name]]
    yield from dict.fromkeys(found for value in headers for found in _ID.findall(value))


def _headers(part: Message, name: str) -> Iterable[str]:
    """Of the mail that a part quotes, whole or its headers alone."""
    if part.is_multipart():
        return [str(inner[name]) for inner in _inner(part) if inner[name]]
    held = part.get_payload(decode=True)
    inner = message_from_bytes(held if isinstance(held, bytes) else b"")
    return [str(inner[name])] if inner[name] else []


def _inner(part: Message) -> list[Message]:
    held = part.get_payload()
    return [one for one in held if isinstance(one, Message)] if isinstance(held, list) else []


def _statuses(message: Message) -> Iterator[Message]:
    """The parts of a report that tell of a recipient each."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            yield from _inner(part)


def _told(statuses: Iterable[Message], name: str) -> list[str]:
    return [str(one[name]) for one in statuses if one[name]]


def _why(statuses: Iterable[Message]) -> str:
    said = [text for name in ("Diagnostic-Code", "Status") for text in _told([*statuses], name)]
    return shortened(one_line(said[0]), LONGEST_REASON) if said else "no reason given"
