"""Periods of employments: somebody who comes back under the same employment begins another period of it.

Between two neighbours among the starts of an employment lies a boundary if some end falls on the first or before the
second. Starts with no boundary between them restate each other; ends and changes belong to the period they fall in.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from services.metrics.domain.facts.entry import ReadEntry, day
from services.metrics.domain.facts.interval import Interval, fold
from shared.contracts.events import EmploymentChanged, EmploymentEnded, EmploymentStarted


class Period(NamedTuple):
    """One period of an employment; ``reorganised`` are the days of changes of unit that nobody chose, ``rotated`` of
    those that were agreed for a time or by turns."""

    employment: str
    interval: Interval[EmploymentStarted]
    reorganised: frozenset[int] = frozenset()
    rotated: frozenset[int] = frozenset()


class Periods(NamedTuple):
    """Every period that makes sense, by employment and in order, and the anomalies of all, by kind."""

    found: list[Period]
    anomalies: Mapping[str, int]


def periods(told: Sequence[ReadEntry], ref: str) -> Periods:
    """The periods of a person's employments; one that has no name of its own is called as the person is."""
    by_id: dict[str, list[ReadEntry]] = {}
    for t in told:
        by_id.setdefault(t.data.employment or ref, []).append(t)
    found, anomalies = list[Period](), dict[str, int]()
    for id_, some in sorted(by_id.items()):
        for period in _split(some):
            folded = fold(period, EmploymentStarted, EmploymentChanged, EmploymentEnded)
            for kind, count in folded.anomalies.items():
                anomalies[kind] = anomalies.get(kind, 0) + count
            if folded.interval:
                found.append(Period(id_, folded.interval, *_reasons(period)))
    return Periods(found, anomalies)


def _split(told: Sequence[ReadEntry]) -> list[list[ReadEntry]]:
    """The events of one employment, period by period; what lies before the first start belongs to the first."""
    firsts = _firsts(told)
    if len(firsts) < 2:
        return [list(told)]
    split: list[list[ReadEntry]] = [[] for _ in firsts]
    for t in told:
        split[max(0, bisect_right(firsts, _on(t)) - 1)].append(t)
    return split


def _firsts(told: Iterable[ReadEntry]) -> list[int]:
    """The day of the first start of each period."""
    starts = sorted(_on(t) for t in told if isinstance(t.data, EmploymentStarted))
    ends = sorted(_on(t) for t in told if isinstance(t.data, EmploymentEnded))
    others = (later for earlier, later in pairwise(starts) if bisect_left(ends, earlier) < bisect_left(ends, later))
    return [*starts[:1], *others]


def _on(t: ReadEntry) -> int:
    """The day by which an event belongs to a period."""
    return day(t.data.last_day if isinstance(t.data, EmploymentEnded) else t.data.effective)


REASONS = ("reorganisation", "rotation")


def _reasons(told: Iterable[ReadEntry]) -> tuple[frozenset[int], ...]:
    """By reason, the days on which the last change of unit to take effect gives it."""
    moves = [t for t in told if isinstance(t.data, EmploymentChanged) and t.data.unit is not None]
    last = {_on(t): t.data.reason for t in sorted(moves, key=lambda t: t.entry.order)}
    return tuple(frozenset(on for on, given in last.items() if given == reason) for reason in REASONS)
