"""Charts as shapes for SVG: places in per cent of the picture, so that text keeps its size on a narrow screen."""

from collections.abc import Sequence
from itertools import groupby
from math import floor, log10
from typing import NamedTuple

LEFT, RIGHT, TOP, BOTTOM = 6.0, 86.0, 8.0, 86.0
"""The frame that values are drawn in, in per cent; to its right stands what the lines across it are at."""
ROOM = 0.12
"""So much of the range of the values is free above and below them."""
TICKS = 5
SPARK_WIDTH, SPARK_HEIGHT = 120.0, 32.0
"""A sparkline has a size of its own, in pixels: nothing is written in it."""

Values = Sequence[float | None]


class Mark(NamedTuple):
    """A point: its place, its shape, and how it is to be read."""

    x: float
    y: float
    shape: str
    look: str


class Rule(NamedTuple):
    """A level line across the chart, or a part of it, with the value at its end."""

    y: float
    kind: str
    text: str
    left: float = LEFT
    right: float = RIGHT + 1.0


class Label(NamedTuple):
    """A word beside an axis."""

    at: float
    text: str


class Drawing(NamedTuple):
    """A chart: ``lines`` and ``bands`` are lists of points as SVG writes them."""

    title: str
    lines: list[str]
    bands: list[str]
    rules: list[Rule]
    marks: list[Mark]
    below: list[Label]
    beside: list[Label]
    uprights: Sequence[Label] = ()
    """Lines from top to bottom, with what they mark."""


class Spark(NamedTuple):
    """A small line: where it ends, and how high the limit is, if it lies within."""

    title: str
    lines: list[str]
    end: tuple[float, float] | None
    limit: float | None


class Scale(NamedTuple):
    """From values to places; the frame's ``top`` is ``high``."""

    low: float
    high: float
    top: float = TOP
    bottom: float = BOTTOM

    def y(self, value: float) -> float:
        """How far down a value lies; one outside stays on the edge."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.bottom - min(max(share, 0.0), 1.0) * (self.bottom - self.top), 2)


def scale(shown: Sequence[float], top: float = TOP, bottom: float = BOTTOM) -> Scale:
    """From 0 where that costs little: most readers take the foot of a chart for nothing."""
    low, high = min(shown, default=0.0), max(shown, default=1.0)
    room = ROOM * (high - low) or 0.1 * abs(high) or 1.0
    return Scale(0.0 if 0 <= low < 0.4 * high else low - room, high + room, top, bottom)


def across(count: int, left: float = LEFT, right: float = RIGHT) -> list[float]:
    """Places from left to right, equally far apart."""
    step = (right - left) / max(count - 1, 1)
    return [round(left + step * n, 2) for n in range(count)]


def lines(xs: Sequence[float], values: Values, on: Scale) -> list[str]:
    """The values joined; where one is missing the line ends and another begins."""
    found = []
    for known, run in groupby(zip(xs, values, strict=True), lambda place: place[1] is not None):
        if known:
            found.append(" ".join(f"{x},{on.y(value)}" for x, value in run if value is not None))
    return found


def band(xs: Sequence[float], lows: Values, highs: Values, on: Scale) -> list[str]:
    """What lies between two values of each place, as areas."""
    found = []
    places = zip(xs, lows, highs, strict=True)
    for known, run in groupby(places, lambda place: place[1] is not None and place[2] is not None):
        if known:
            some = list(run)
            upper = [f"{x},{on.y(high)}" for x, _, high in some if high is not None]
            lower = [f"{x},{on.y(low)}" for x, low, _ in reversed(some) if low is not None]
            found.append(" ".join([*upper, *lower]))
    return found


def ticks(on: Scale) -> list[float]:
    """Round values beside the chart, a few of them."""
    rough = (on.high - on.low) / TICKS
    power = 10.0 ** floor(log10(rough))
    step = next(unit * power for unit in (1, 2, 2.5, 5, 10) if unit * power >= rough * 0.999)
    first = int(on.low / step) if on.low >= 0 else int(on.low / step) - 1
    found = (round(step * n, 10) for n in range(first, first + 2 * TICKS + 3))
    return [tick for tick in found if on.low <= tick <= on.high]


def spark(title: str, values: Values, limit: float | None) -> Spark | None:
    """A small line of values, with the limit where it is near; None where there are fewer than two."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    shown = [*known, limit] if limit is not None else known
    low, high = min(shown), max(shown)
    on = Scale(low, high if high > low else low + 1.0, 4.0, SPARK_HEIGHT - 4.0)
    xs = across(len(values), 2.0, SPARK_WIDTH - 6.0)
    last = values[-1]
    end = None if last is None else (xs[-1], on.y(last))
    return Spark(title, lines(xs, values, on), end, None if limit is None else on.y(limit))
