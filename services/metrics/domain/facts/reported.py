"""What an event says of its source: that it tells of such events, in such a unit, since when."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from shared.contracts import event_types, subjects
from shared.contracts.envelope import CloudEvent
from shared.contracts.erased import ERASED, TRIMMED, SumsKept

_OF_NO_VALUE = frozenset({event_types.RETRACTED, ERASED, TRIMMED, *event_types.UNIT})
"""Types that no value is made of."""


GRADE, ROUTE, STUDY, ROTATION = DETAILS = ("grade", "hired_from", "study", "rotation")
"""What events of a type may tell of besides, in place of the type: grades, where people were hired from, studies,
rotation."""


class Reported(NamedTuple):
    """What a source told of: events of a type (or one of DETAILS), in a unit if they name one; ``declared``: as of the
    day it says.
    """

    source: str
    type: str
    unit: str
    declared: bool


Firsts = Mapping[Reported, int]
"""The first day of each, as an ordinal."""


def reported(event: CloudEvent, data: Any) -> list[tuple[Reported, int]]:  # noqa: ANN401  (of any type)
    """What an event says of its source, and as of which day; nothing if no value is made of its type."""
    if event.type in _OF_NO_VALUE:
        return []
    if isinstance(data, SumsKept):
        return [(Reported(one.source, one.type, one.unit, one.declared), one.first) for one in data.told]
    kind, _, ref = event.subject.partition("/")
    unit = ref if kind == subjects.UNIT else getattr(data, "unit", None) or ""
    day, declared = (event.knownfrom or event.time.date()).toordinal(), event.knownfrom is not None
    return [(Reported(event.source, type_, unit, declared), day) for type_ in (event.type, *_details(event.type, data))]


def _details(type_: str, data: Any) -> list[str]:  # noqa: ANN401  (of any type)
    """What it tells of that many sources leave out: it then stands there as what is usual, which says nothing."""
    if type_ == event_types.ABSENCE_STARTED:
        return [STUDY] if data.kind == "study" else []
    if type_ not in event_types.EMPLOYMENT:
        return []
    told = ((GRADE, getattr(data, "grade", None) or "regular"), (ROUTE, getattr(data, "hired_from", "external")))
    besides = [detail for detail, said in told if said not in {"regular", "external"}]
    return [*besides, ROTATION] if getattr(data, "reason", None) == "rotation" else besides


def merged(found: Iterable[tuple[Reported, int]]) -> dict[Reported, int]:
    """The earliest day of each."""
    firsts: dict[Reported, int] = {}
    for one, day in found:
        firsts[one] = min(day, firsts.get(one, day))
    return firsts
