"""All that is wrong with an event that is refused, so that its sender mends it once: read part by part, and each asked.

This is done for refused events alone, and takes a few times as long as judging one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple, get_args, get_origin

import msgspec

from services.ingest.domain import decoding, naming, plausible, rules
from services.ingest.domain.decoding import MALFORMED
from services.ingest.domain.outcome import Incoming
from services.ingest.domain.refusal import RefusalError, explained
from shared.contracts.envelope import CloudEvent
from shared.contracts.event_types import RETRACTED
from shared.contracts.events import TYPES, Data
from shared.contracts.problems import Fault, nearest

Permission = Callable[[CloudEvent], None]
_FORM = frozenset({"not_json", "not_utf8", "empty_message", "too_deep", "too_large", "wrong_content_type"})
"""Of what cannot be read at all nothing more can be said."""
_UNREAD = msgspec.Raw(b"")


class _Field(NamedTuple):
    """A field of a struct: how its value is read, whether it must be there, which words it may be."""

    name: str
    decoder: msgspec.json.Decoder[object]
    required: bool
    words: tuple[str, ...]


def of(incoming: Incoming, permission: Permission, now: datetime, first: RefusalError) -> tuple[Fault, ...]:
    """Every fault of an event that is refused for ``first``, which is the first of them; neither quotes the sender."""
    found = [fault(first)]
    if first.reason not in _FORM:
        found += _all(incoming, permission, now)
    best: dict[tuple[str, str], Fault] = {}
    for one in found:
        known = best.setdefault((one.reason, one.path), one)
        best[one.reason, one.path] = max(known, one, key=lambda told: (len(told.allowed), told.nearest is not None))
    return tuple(best.values())


def fault(error: RefusalError) -> Fault:
    """A refusal as a fault; of a type that nobody knows with the types there are."""
    if error.reason == "unknown_type":
        return Fault(reason=error.reason, path=error.path, detail=error.message, allowed=tuple(sorted(_TYPES)))
    return Fault(reason=error.reason, path=error.path, detail=error.message)


_TYPES = (*TYPES, RETRACTED)


def _all(incoming: Incoming, permission: Permission, now: datetime) -> Iterator[Fault]:
    try:
        fields = decoding.parts(incoming)
    except MALFORMED:
        return
    envelope = list(_wrong(CloudEvent, fields, "$"))
    yield from envelope
    data = fields.get("data", _UNREAD)
    yield from _of_type(_text(fields.get("type")), data)
    if not envelope:
        # Each part can be read and the whole cannot where a name stands twice: that is the first fault, known already.
        with suppress(RefusalError):
            event = decoding.envelope(incoming)
            yield from map(fault, _of_event(event, incoming, permission, now))


def _of_type(type_: str, data: msgspec.Raw) -> Iterator[Fault]:
    """What is wrong with data of that type; of a type that is none, the one most like it."""
    if type_ in TYPES:
        yield from _of_data(TYPES[type_][1], data)
    elif type_ and type_ != RETRACTED:
        found = fault(RefusalError("unknown_type", "$.type", "no type of the contract is called so"))
        yield msgspec.structs.replace(found, nearest=nearest(type_, _TYPES))


def _of_data(kind: type[Data], data: msgspec.Raw) -> Iterator[Fault]:
    try:
        fields = decoding.fields(data)
    except MALFORMED as error:
        missing = RefusalError("missing_field", "$.data", "data is missing")
        yield fault(explained(error, "$.data") if bytes(data) else missing)
        return
    if wrong := list(_wrong(kind, fields, "$.data")):
        yield from wrong
        return
    try:
        read = msgspec.json.decode(data, type=kind)
    except MALFORMED as error:  # a field stands twice, and one that is not the last cannot be read
        yield fault(explained(error, "$.data"))
        return
    yield from map(fault, _raised(lambda: rules.check_dates(read)))
    yield from map(fault, [*plausible.faults(read), *naming.faults_of_data(read)])


def _of_event(event: CloudEvent, incoming: Incoming, permission: Permission, now: datetime) -> Iterator[RefusalError]:
    checks: Iterable[Callable[[], object]] = (
        lambda: permission(event),
        lambda: rules.check_type(event),
        lambda: rules.check_time(event.time, now),
        lambda: rules.check_delivery(event),
        lambda: rules.check_subject(event),
        lambda: decoding.check_attributes(incoming),
        lambda: rules.check_retraction(event) if event.type == RETRACTED else None,
    )
    for check in checks:
        yield from _raised(check)
    yield from naming.faults_of_envelope(event)


def _raised(check: Callable[[], object]) -> Iterator[RefusalError]:
    try:
        check()
    except RefusalError as error:
        yield error


def _wrong(kind: type[msgspec.Struct], given: Mapping[str, msgspec.Raw], path: str) -> Iterator[Fault]:
    for field in _fields(kind):
        at = f"{path}.{field.name}"
        if field.name not in given:
            if field.required:
                yield Fault(reason="missing_field", path=at, detail=f"{field.name} is missing")
            continue
        try:
            field.decoder.decode(given[field.name])
        except MALFORMED as error:
            found = explained(error, at)
            near = nearest(_text(given[field.name]), field.words) if field.words else None
            detail = f"{field.name}: {found.message}"
            yield Fault(reason=found.reason, path=found.path, detail=detail, allowed=field.words, nearest=near)


@lru_cache
def _fields(kind: type[msgspec.Struct]) -> tuple[_Field, ...]:
    return tuple(
        _Field(f.encode_name, msgspec.json.Decoder(f.type), f.required, tuple(sorted(set(_words(f.type)))))
        for f in msgspec.structs.fields(kind)
        if f.encode_name != "data"
    )


def _words(annotation: Any) -> Iterator[str]:  # noqa: ANN401  (any type at all)
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for part in get_args(annotation):
            yield from _words(part)


def _text(raw: msgspec.Raw | None) -> str:
    try:
        said = msgspec.json.decode(raw) if raw is not None else ""
    except MALFORMED:
        return ""
    return said if isinstance(said, str) else ""
