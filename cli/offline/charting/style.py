"""How a chart looks. The colours are told apart by the colour-blind too, and never alone: each rule has its shape.

Source of the colours: M. Okabe and K. Ito, Color Universal Design.
"""

from typing import NamedTuple

from cli.offline.charting.document import Point, Reading, Special
from shared.statistics.special_causes import Cause

INK, FAINT, LINE, BAND = "#222222", "#666666", "#8a8a8a", "#e8eef4"
COLOURS: dict[Reading, str] = {"improvement": "#0072b2", "concern": "#d55e00", "neutral": "#8b4a8b"}
SHAPES: dict[Cause, tuple[str, str]] = {
    "outside": ("D", "D"),
    "trend": ("^", "v"),
    "two_of_three": ("s", "s"),
    "shift": ("p", "p"),
}
"""The marker of each rule, upwards and downwards."""

DOTS = 125
"""An inch."""
TEXT, SMALL, TITLE = 10.5, 8.5, 16.0


class Look(NamedTuple):
    """A marker: its shape, its colour and its size in points."""

    shape: str
    colour: str
    size: float = 9.0


ORDINARY = Look("o", LINE, 6.5)
HIDDEN = Look("x", FAINT, 7)
ABSENT = Look("_", FAINT, 9)
GAPS = {"suppressed": HIDDEN, "not_applicable": ABSENT}


def special(what: Special) -> Look:
    """The marker of what is special."""
    return Look(SHAPES[what.cause][what.direction == "down"], COLOURS[what.reading])


def look(point: Point) -> Look:
    """The marker of a month."""
    if point.value is None:
        return GAPS[point.status]
    return special(point.special) if point.special else ORDINARY
