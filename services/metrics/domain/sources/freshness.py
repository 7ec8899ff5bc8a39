"""Whether a source delivers as registered, and which values rest on one that does not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from services.metrics.domain.coverage.kinds import Kind, needs
from services.metrics.domain.sources.registry import Registry, Source
from services.metrics.domain.sources.volume import drop
from services.metrics.domain.sums.tree import Tree
from shared.contracts.catalogue import METRICS
from shared.contracts.metrics import MetricValue
from shared.contracts.sources import KindReported, SourceContact, SourceReported

Events = Mapping[int, int]
"""Events by the day on which they were recorded, an ordinal: the last day with any, and eight weeks."""


def report(source: Source, came: Mapping[Kind, Events], unknown: Sequence[str], today: date) -> SourceReported:
    """A source as of today, from what came of each kind and the units that nobody has defined."""
    kinds = tuple(_kind(source, kind, came.get(kind, {}), today) for kind in source.kinds)
    contact = SourceContact(*source.contact)
    return SourceReported(source=source.name, today=today, contact=contact, kinds=kinds, unknown_units=tuple(unknown))


def _kind(source: Source, kind: Kind, events: Events, today: date) -> KindReported:
    often = source.kinds[kind]
    if not events:
        return KindReported(kind=kind, cadence=often.written)
    last = min(date.fromordinal(max(events)), today)
    due = often.due(last)
    late = due < today
    fallen = None if late else drop(events, today - timedelta(days=1))
    return KindReported(kind=kind, cadence=often.written, fresh_until=last, due=due, late=late, drop=fallen)


class Late(NamedTuple):
    """A kind of events that is known until a day and no further, in some subtrees, or everywhere without any."""

    kind: str
    units: tuple[str, ...]
    fresh_until: date


UNTOLD = date.min
"""In place of the day: no registered source tells of the unit."""

Marks = Mapping[str, date]
"""Until when the values of a unit are fresh, by metric; those that are not here are."""


class Told(NamedTuple):
    """A kind of events that the registered sources tell of in some subtrees and nowhere else."""

    kind: str
    units: tuple[str, ...]


class Staleness(NamedTuple):
    """All that is late, and all that is told of in some units alone."""

    late: tuple[Late, ...] = ()
    told: tuple[Told, ...] = ()

    def of(self, unit: str, tree: Tree) -> dict[str, date]:
        """The marks of a unit: a sum over several units is as fresh as the least fresh of them."""
        found = {kind: UNTOLD for kind, units in self.told if not _touches(unit, units, tree)}
        for kind, units, until in self.late:
            if _touches(unit, units, tree):
                found[kind] = min(until, found.get(kind, until))
        return (
            {
                metric: min(found[kind] for kind in kinds & found.keys())
                for metric, kinds in MADE_OF.items()
                if not kinds.isdisjoint(found)
            }
            if found
            else {}
        )


NONE_LATE = Staleness()
MADE_OF: Mapping[str, frozenset[str]] = {
    metric.name: frozenset(need.kind.value for need in needs(metric.name)) for metric in METRICS
}
"""The kinds of events that each metric is made of."""


def staleness(registry: Registry, reports: Iterable[SourceReported]) -> Staleness:
    """What the sources that are late leave stale."""
    late = (
        Late(kind.kind, registry[one.source].units, kind.fresh_until)
        for one in reports
        for kind in one.late
        if kind.fresh_until
    )
    return Staleness(tuple(late), tuple(_told(registry)))


def _told(registry: Registry) -> Iterator[Told]:
    """The kinds each of whose sources names the units that it tells of."""
    for kind in Kind:
        units = [source.units for source in registry.values() if kind in source.kinds]
        if units and all(units):
            yield Told(kind.value, tuple(sorted({unit for some in units for unit in some})))


def _touches(unit: str, units: Sequence[str], tree: Tree) -> bool:
    """Whether a unit is in one of these subtrees, or over it."""
    return not units or not set(units).isdisjoint(tree.path(unit)) or any(unit in tree.path(one) for one in units)


UNMARKED = frozenset({"suppressed", "not_reported"})


def marked(values: Mapping[str, MetricValue], as_of: date, marks: Marks) -> dict[str, MetricValue]:
    """The values of a unit as of a day, with ``fresh_until`` where they tell of days after it."""
    found = dict(values)
    for metric in values.keys() & marks.keys():
        found[metric] = mark(values[metric], as_of, marks[metric])
    return found


def mark(value: MetricValue, as_of: date, until: date) -> MetricValue:
    """The value, stale if it tells of days after ``until``; of one that has nothing to tell nothing is said.

    Of a unit that no registered source tells of there is none.
    """
    if until == UNTOLD and value.status != "suppressed":
        return MetricValue(status="not_reported", definition=value.definition)
    if value.status in UNMARKED or (value.until or as_of) <= until:
        return value
    return msgspec.structs.replace(value, fresh_until=until)
