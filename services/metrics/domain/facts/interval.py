"""Things with a start, changes and an end, folded into pieces of constant attributes.

The same rules serve employments, absences and assignments: of several starts or ends the last recorded holds; on a
day the attributes are the start's, overridden by every change in force, in the order (effective, time, id).
"""

from collections.abc import Iterable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from services.metrics.domain.facts.cell import FOREVER
from services.metrics.domain.facts.entry import ReadEntry, day, restatements, split
from shared.contracts.events import Data

S = TypeVar("S", bound=Data)


class Piece(NamedTuple, Generic[S]):
    """Days ``first``–``last`` with the same attributes."""

    first: int
    last: int
    terms: S


class Interval(NamedTuple, Generic[S]):
    """A thing that is so from ``first`` to ``last``; ``end`` is the event that ended it, if one did."""

    first: int
    last: int
    pieces: tuple[Piece[S], ...]
    end: Any


class FoldedInterval(NamedTuple, Generic[S]):
    """The interval, None while it makes no sense, and what contradicts, by kind."""

    interval: Interval[S] | None
    anomalies: dict[str, int]


def fold(told: Sequence[ReadEntry], started: type[S], changed: type[Data], ended: type[Data]) -> FoldedInterval[S]:
    """The interval that the events of one thing describe."""
    starts, changes, ends = split(told, started, changed, ended)
    anomalies = {"restated": restatements(starts) + restatements(ends)}
    if not starts:
        return FoldedInterval(None, anomalies | {"change_without_start": len(changes), "end_without_start": len(ends)})
    start: Any = starts[-1].data
    end: Any = ends[-1].data if ends else None
    first, last = day(start.effective), _last(start, end)
    if last < first:
        return FoldedInterval(None, anomalies | {"end_before_start": 1})
    return FoldedInterval(Interval(first, last, tuple(_pieces(start, changes, first, last)), end), anomalies)


def _last(start: Any, end: Any) -> int:  # noqa: ANN401  (employments, absences and assignments alike)
    known = end.last_day if end else getattr(start, "last_day", None)
    return day(known) if known else FOREVER


def _pieces(start: S, changes: Sequence[ReadEntry], first: int, last: int) -> Iterable[Piece[S]]:
    terms, since = start, first
    for _, change in sorted(changes, key=lambda t: (t.data.effective, *t.entry.order)):
        at = day(change.effective)
        if at > last:
            break
        if at > since:
            yield Piece(since, at - 1, terms)
            since = at
        terms = msgspec.structs.replace(terms, **_overrides(change))
    yield Piece(since, last, terms)


NOT_TERMS = ("effective", "employment", "absence", "reason")


def _overrides(change: Data) -> dict[str, Any]:
    return {f: v for f in change.__struct_fields__ if f not in NOT_TERMS and (v := getattr(change, f)) is not None}
