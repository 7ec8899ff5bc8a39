"""A log day by day, as it was recorded: what each day's events add to facts, and what they say of units and sources."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from cli.offline.backtesting.folding import Definition, Folded, Span, Subject, Told, folded, local_day
from cli.offline.backtesting.side_by_side import nothing_thrown_away, ways
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.entry import Entry
from services.metrics.domain.facts.reported import Firsts, merged
from services.metrics.domain.sums.kernels import Ints
from shared.language.refusal import SaidError

WORTH = 20_000
"""Events of which it is worth another process to fold half."""

Definitions = Mapping[str, Sequence[Entry]]


class RecordedDay(NamedTuple):
    """What one day's events say besides facts. ``definitions`` are all units' as of then, where any came."""

    firsts: Firsts
    definitions: Definitions | None


NOTHING = RecordedDay({}, None)


class Recorded(NamedTuple):
    """A log by the days on which its events were recorded; the first holds everything recorded before it as well.

    Facts are rows (known, number of the cell, measure, day, delta) in order of the days on which they became known.
    """

    first: int
    last: int
    cells: Sequence[Cell]
    facts: Ints
    days: Mapping[int, RecordedDay]


class NothingRecordedError(SaidError):
    """No event was recorded by the last day, or the first day is after it; the sentence says which."""


def recorded(log: Iterable[Told], zone: ZoneInfo, first: date | None, last: date | None) -> Recorded:
    """The days from ``first`` to ``last`` by the calendar of a zone, by themselves those of the log.

    Raises NothingRecordedError, and PartLostError.
    """
    every = list(log)
    if not every:
        raise NothingRecordedError("loggen har inga händelser", "the log has no event")
    since, until = (local_day(pick(event.time for event, _ in every), zone) for pick in (min, max))
    end = last.toordinal() if last else until
    begin = first.toordinal() if first else since
    if since > end:
        raise _nothing_by(last)
    if begin > end:
        raise _backwards(first, last, date.fromordinal(end))
    with nothing_thrown_away():
        parts = folded(_subjects(every), Span(zone, begin, end), ways(len(every), WORTH))
        return _together(begin, end, parts)


def _nothing_by(last: date | None) -> NothingRecordedError:
    return NothingRecordedError(
        f"ingen händelse i loggen var registrerad senast den {last}",
        f"no event of the log was recorded on or before {last}",
    )


def _backwards(first: date | None, last: date | None, end: date) -> NothingRecordedError:
    if last:
        return NothingRecordedError(f"--from {first} är efter --to {last}", f"--from {first} is after --to {last}")
    return NothingRecordedError(
        f"--from {first} är efter loggens sista dag, {end}", f"--from {first} is after the last day of the log, {end}"
    )


def _subjects(log: Iterable[Told]) -> list[Subject]:
    """Events by subject, in their order."""
    found: dict[str, list[Told]] = {}
    for told in log:
        found.setdefault(told[0].subject, []).append(told)
    return list(found.items())


def _together(first: int, last: int, parts: Sequence[Folded]) -> Recorded:
    """What parts of the log come to."""
    cells, facts = dict[Cell, int](), []
    for part in parts:
        numbers = np.array([cells.setdefault(cell, len(cells)) for cell in part.cells], np.int64)
        facts.append(np.column_stack((part.facts[:, 0], numbers[part.facts[:, 1]], part.facts[:, 2:])))
    every = np.concatenate(facts)
    every = every[np.argsort(every[:, 0], kind="stable")]
    definitions = dict(_defined(one for part in parts for one in part.definitions))
    days = {day for part in parts for day in part.firsts} | definitions.keys()
    firsts = {day: merged(one for part in parts for one in part.firsts.get(day, {}).items()) for day in days}
    return Recorded(
        first, last, list(cells), every, {day: RecordedDay(firsts[day], definitions.get(day)) for day in sorted(days)}
    )


def _defined(found: Iterable[Definition]) -> Iterator[tuple[int, Definitions]]:
    """The definitions of all units, by the days on which there are others than before."""
    by_day = defaultdict[int, dict[str, Sequence[Entry]]](dict)
    for known, unit, entries in found:
        by_day[known][unit] = entries
    held: dict[str, Sequence[Entry]] = {}
    for day in sorted(by_day):
        if (now := held | by_day[day]) != held:
            yield day, now
        held = now
