"""What an event says of its source: that it tells of such events, in such a unit, since when."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from shared.contracts import event_types, subjects
from shared.contracts.envelope import CloudEvent

_OF_NO_VALUE = frozenset({event_types.RETRACTED, *event_types.UNIT})
"""Types that no value is made of."""


class Reported(NamedTuple):
    """What a source told of: events of a type, in a unit if they name one; ``declared``: as of the day it says."""

    source: str
    type: str
    unit: str
    declared: bool


Firsts = Mapping[Reported, int]
"""The first day of each, as an ordinal."""


def reported(event: CloudEvent, data: Any) -> tuple[Reported, int] | None:  # noqa: ANN401  (of any type)
    """What an event says of its source, and as of which day; None if no value is made of its type."""
    if event.type in _OF_NO_VALUE:
        return None
    kind, _, ref = event.subject.partition("/")
    unit = ref if kind == subjects.UNIT else getattr(data, "unit", None) or ""
    day = event.knownfrom or event.time.date()
    return Reported(event.source, event.type, unit, event.knownfrom is not None), day.toordinal()


def merged(found: Iterable[tuple[Reported, int]]) -> dict[Reported, int]:
    """The earliest day of each."""
    firsts: dict[Reported, int] = {}
    for one, day in found:
        firsts[one] = min(day, firsts.get(one, day))
    return firsts
