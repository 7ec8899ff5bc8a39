"""The bar of a mail: where value, limit and interval lie on one scale, as widths a table can show."""

from itertools import pairwise
from typing import Literal

import msgspec

StretchKind = Literal["rest", "interval", "value", "limit"]
WIDTH = 96
"""Percent shared by the stretches; what is left holds the two markers."""
HEADROOM = 1.15
FARTHEST = 3
"""An interval reaching beyond this many times value and limit is cut there, or it would squeeze the rest."""


class TrackCell(msgspec.Struct, frozen=True):
    """A stretch of the scale (``width`` in percent), or a marker (width 0)."""

    kind: StretchKind
    width: int


class Track(msgspec.Struct, frozen=True):
    """Cells from left to right; ``value_at`` and ``limit_at`` (0–100) say where their labels belong."""

    cells: tuple[TrackCell, ...]
    value_at: int
    limit_at: int


def track(value: float, limit: float, low: float | None, high: float | None) -> Track:
    """Lay ``value``, ``limit`` and the interval ``low``–``high``, if there is one, on a scale that begins at zero."""
    largest = max(value, limit, min(high or 0, FARTHEST * max(value, limit)))
    end = largest * HEADROOM or 1.0
    at = {"value": _place(value, end), "limit": _place(limit, end)}
    first, last = (_place(low, end), _place(high, end)) if low is not None and high is not None else (0, 0)
    stops = sorted({0, WIDTH, first, last, *at.values()})
    cells: list[TrackCell] = []
    for start, stop in pairwise(stops):
        cells += _markers(at, start)
        cells.append(TrackCell("interval" if first <= start < last else "rest", stop - start))
    return Track((*cells, *_markers(at, WIDTH)), round(at["value"] * 100 / WIDTH), round(at["limit"] * 100 / WIDTH))


def _markers(at: dict[str, int], place: int) -> list[TrackCell]:
    marks: tuple[Literal["limit", "value"], ...] = ("limit", "value")
    return [TrackCell(kind, 0) for kind in marks if at[kind] == place]


def _place(number: float, end: float) -> int:
    return round(min(max(number, 0), end) / end * WIDTH)
