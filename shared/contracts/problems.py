"""What every service answers when it does not do what was asked: one shape, after RFC 9457, with all that is wrong."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

import msgspec

MEDIA_TYPE = "application/problem+json"
WHOLE = "$"
"""The path of what is wrong with a request as a whole, or with a whole body."""
MOST = 100
"""Faults of one answer, and words that a fault lists as allowed."""
LONGEST_WORD = 100
"""Characters of a word that another may be meant by: comparing grows with the square of them."""


class Fault(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is wrong. ``reason`` is a word for machines, ``detail`` a sentence for people.

    ``path`` says where: a JSON path into the body (``$.data.unit``), ``query.NAME``, ``path.NAME``, ``header.NAME``, or
    ``$`` for all of the request. ``allowed`` are the words that may stand there; ``nearest`` is the one most like it.
    """

    reason: str
    path: str
    detail: str
    allowed: tuple[str, ...] = ()
    nearest: str | None = None


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request is not done (RFC 9457). ``type`` and ``title`` go with ``status``.

    ``reason``, ``path``, ``allowed`` and ``nearest`` are those of the first of ``faults``; ``detail`` tells of all of
    them. ``id`` is that of the one event of a request, where it may be told.
    """

    type: str
    title: str
    status: int
    detail: str
    reason: str
    path: str
    allowed: tuple[str, ...] = ()
    nearest: str | None = None
    faults: tuple[Fault, ...]
    id: str | None = None


class Kind(NamedTuple):
    """What a status means here: the last part of ``type``, the title, and the reason where no other is given."""

    name: str
    title: str
    reason: str


KINDS: Mapping[int, Kind] = {
    400: Kind("question", "The request cannot be understood", "invalid_value"),
    401: Kind("unknown-caller", "It is not known who asks", "no_token"),
    403: Kind("not-allowed", "Whoever asks may not have or do this", "not_allowed"),
    404: Kind("unknown-name", "There is nothing of that name", "not_found"),
    405: Kind("method", "This cannot be done with that", "method_not_allowed"),
    408: Kind("slow", "The request did not arrive in time", "too_slow"),
    409: Kind("conflict", "Something else was said before", "conflict"),
    413: Kind("large", "The request is too large", "too_large"),
    415: Kind("content-type", "The request is of a kind that is not read here", "wrong_content_type"),
    421: Kind("host", "Nobody of that name answers here", "unknown_host"),
    422: Kind("event", "The event is refused", "invalid_value"),
    429: Kind("too-many", "Too many requests", "too_many_requests"),
    500: Kind("service", "The service is at fault", "fault_of_the_service"),
    503: Kind("unavailable", "The service cannot answer now", "unavailable"),
    504: Kind("late", "The answer takes too long", "too_late"),
}
"""Every status of refusal that a service may answer with."""
_OTHER = Kind("other", "The request is refused", "refused")


def kind(status: int) -> Kind:
    """What a status means."""
    return KINDS.get(status, _OTHER)


def problem(status: int, faults: Sequence[Fault], event: str | None = None) -> Problem:
    """The answer for at least one fault, of which ``MOST`` are listed; ``event`` is the id of the event refused."""
    first, named = faults[0], kind(status)
    return Problem(
        type=f"urn:stadga:problem:{named.name}",
        title=named.title,
        status=status,
        detail="; ".join(fault.detail for fault in faults[:MOST]),
        reason=first.reason,
        path=first.path,
        allowed=first.allowed,
        nearest=first.nearest,
        faults=tuple(faults[:MOST]),
        id=event,
    )


def simple(status: int, detail: str, path: str = WHOLE) -> Problem:
    """The answer of a single fault that its status says enough about."""
    return problem(status, [Fault(reason=kind(status).reason, path=path, detail=detail)])


def encoded(answer: Problem) -> bytes:
    """As it travels."""
    return msgspec.json.encode(answer)


def faults(of: type[msgspec.Struct], given: Mapping[str, Any]) -> Iterator[Fault]:
    """Every field of an object that is absent or not as its type has it; ``$`` is the object."""
    for field in msgspec.structs.fields(of):
        name = field.encode_name
        path = f"{WHOLE}.{name}"
        if name not in given:
            if field.required:
                yield Fault(reason="missing_field", path=path, detail=f"{name} is missing")
            continue
        try:
            msgspec.convert(given[name], field.type)
        except msgspec.ValidationError as error:
            said, _, deeper = str(error).partition(" - at `$")
            reason = "wrong_type" if ", got `" in said else "invalid_value"
            yield Fault(reason=reason, path=path + deeper.rstrip("`"), detail=f"{name}: {said}")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like ``word``; None when none is like it."""
    if len(word) > LONGEST_WORD:
        return None
    close = get_close_matches(word, sorted(known), 1)
    return close[0] if close else None


def unknown(path: str, detail: str, word: str, known: Iterable[str], reason: str = "invalid_value") -> Fault:
    """A word that is none of those known: with what may stand there, if that is a list, and the nearest."""
    words = sorted(known)
    near = nearest(word, words)
    said = f"{detail}; did you mean {near}?" if near else detail
    return Fault(
        reason=reason, path=path, detail=said, allowed=tuple(words) if len(words) <= MOST else (), nearest=near
    )
