"""The subjects of a log folded day by day, each by itself: what becomes known of it on each day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import count
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from cli.offline.backtesting.side_by_side import side_by_side
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.entry import Entry, ReadEntry
from services.metrics.domain.facts.reported import Reported, reported
from services.metrics.domain.facts.tally import Tally, in_64_bits
from services.metrics.domain.record.held import Held
from services.metrics.domain.record.over_careers import OverCareers, netted
from services.metrics.domain.sums.kernels import Ints
from shared.contracts.envelope import CloudEvent

Told = tuple[CloudEvent, ReadEntry]
Subject = tuple[str, Sequence[Told]]
"""Its name and its events, as the log has them."""


class Span(NamedTuple):
    """Days from a first to a last by the calendar of a zone; what was recorded before them is known on the first."""

    zone: ZoneInfo
    first: int
    last: int

    def by_day(self, told: Iterable[Told]) -> Mapping[int, Sequence[Told]]:
        """Events by the days on which they became known, in order; those of later days are left out."""
        recorded, known = defaultdict[int, list[Told]](list), defaultdict[int, list[Told]](list)
        for one in told:
            recorded[local_day(one[0].time, self.zone)].append(one)
        for day in sorted(recorded):
            if day <= self.last:
                known[max(day, self.first)] += recorded[day]
        return known


def local_day(time: datetime, zone: ZoneInfo) -> int:
    """The day of a time in a zone, as an ordinal."""
    return time.astimezone(zone).toordinal()


class Definition(NamedTuple):
    """The day on which a unit was defined otherwise, and how from then on."""

    known: int
    unit: str
    entries: Sequence[Entry]


class Folded(NamedTuple):
    """What some subjects come to: rows of facts (known, number of the cell, measure, day, delta), in order of the
    days on which they became known; units as they were defined, and by day what sources told of.
    """

    cells: Sequence[Cell]
    facts: Ints
    definitions: Sequence[Definition]
    firsts: Mapping[int, Mapping[Reported, int]]


def folded(subjects: Sequence[Subject], span: Span, ways: int) -> list[Folded]:
    """All of them, in so many parts."""
    return side_by_side([partial(_folded, subjects[way::ways], span) for way in range(ways)])


def _folded(subjects: Sequence[Subject], span: Span) -> Folded:
    tallies, definitions = defaultdict[int, Tally](Tally), list[Definition]()
    firsts, over = defaultdict[int, dict[Reported, int]](dict), OverCareers()
    for subject, events in subjects:
        record = Held(subject, over)
        for day, told in span.by_day(events).items():
            outcome = record.fold([entry for _, entry in told], tallies[day], day)
            if outcome.definitions is not None:
                definitions.append(Definition(day, subject.partition("/")[2], outcome.definitions))
            _report(told, firsts[day])
    cells, facts = _rows(tallies, over)
    return Folded(cells, facts, definitions, firsts)


def _report(told: Sequence[Told], firsts: dict[Reported, int]) -> None:
    for event, entry in told:
        for one, since in reported(event, entry.data):
            firsts[one] = min(since, firsts.get(one, since))


def _rows(tallies: Mapping[int, Tally], over: OverCareers) -> tuple[list[Cell], Ints]:
    """What was tallied by day, as cells and rows, with what lies over careers."""
    numbers = defaultdict[Cell, int](count().__next__)
    rows = [
        (known, numbers[cell], measure, day, part)
        for known, tally in tallies.items()
        for (cell, measure, day), delta in tally.deltas.items()
        for part in in_64_bits(delta)
    ]
    tallied = np.array(rows, np.int64).reshape(-1, 5)
    facts = netted(np.concatenate([tallied, over.facts(numbers.__getitem__)]))
    return list(numbers), facts
