"""What is odd about an event that is accepted all the same: fields that nobody reads, a unit that looks misspelt."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

import msgspec

from services.ingest.domain.memory import Units
from services.ingest.domain.outcome import Accepted
from shared.contracts.envelope import ATTRIBUTES
from shared.contracts.events import TYPES
from shared.contracts.problems import nearest
from shared.contracts.subjects import UNIT

LONGEST = 100
"""Characters of a field's name that are told."""
_FIELDS = ("unit", "parent", "successor")


class Warned(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something to look at; the event is accepted. ``nearest`` is what may have been meant."""

    reason: Literal["unknown_field", "unknown_unit"]
    path: str
    detail: str
    nearest: str | None = None


def of(accepted: Accepted, units: Units) -> Iterator[Warned]:
    """Every warning about an event; ``units`` are those defined so far, in the same request too."""
    kind = accepted.event.type
    for name in accepted.unknown:
        near = _field(kind, name[:LONGEST])
        said = f"{name[:LONGEST]} is no field of {kind}, and is left out"
        yield Warned(reason="unknown_field", path=f"$.data.{name[:LONGEST]}", detail=_meant(said, near), nearest=near)
    for name in accepted.attributes:
        if near := _attribute(name[:LONGEST]):
            said = f"{name[:LONGEST]} is no attribute, and is left out"
            yield Warned(reason="unknown_field", path=f"$.{name[:LONGEST]}", detail=_meant(said, near), nearest=near)
    yield from _units(accepted, units)


def _units(accepted: Accepted, units: Units) -> Iterator[Warned]:
    event = accepted.event
    kind, _, ref = event.subject.partition("/")
    named = {"$.subject": ref} if kind == UNIT and event.type != "hr.unit.defined.v1" else {}
    data = bytes(event.data)
    said = msgspec.json.decode(data, type=dict[str, object]) if data else {}
    named |= {f"$.data.{name}": text for name in _FIELDS if isinstance(text := said.get(name), str)}
    for path, name in named.items():
        if near := units.meant(name):
            detail = f"no unit of that name was defined; did you mean {near}?"
            yield Warned(reason="unknown_unit", path=path, detail=detail, nearest=near)


def _meant(said: str, near: str | None) -> str:
    return f"{said}; did you mean {near}?" if near else said


@lru_cache(4_096)
def _field(kind: str, name: str) -> str | None:
    known = TYPES[kind][1] if kind in TYPES else None
    return nearest(name, [field.encode_name for field in msgspec.structs.fields(known)]) if known else None


@lru_cache(4_096)
def _attribute(name: str) -> str | None:
    return nearest(name, ATTRIBUTES)
