"""docs/charts.md: true of the rules, the shapes and the refusals."""

import re
from pathlib import Path

from matplotlib.markers import MarkerStyle

from cli.offline.charting.drawing import SHAPES
from cli.offline.charting.question import UNFIT
from shared.statistics.special_causes import RULES

PAGE = (Path(__file__).parents[2] / "docs" / "charts.md").read_text("utf-8")
NAMES = {"D": "diamond", "^": "triangle", "v": "triangle", "s": "square", "p": "pentagon"}


def test_rules_are_told_in_their_order():
    """The first that holds gives a point its shape."""
    told = re.findall(r"^\| (\w+) \| `(\w+)` \|", PAGE, re.MULTILINE)
    assert told == [(NAMES[SHAPES[cause][0]], cause) for cause in RULES]


def test_shapes_are_what_they_are_called():
    """Every marker of a rule is a marker that can be drawn, and has a name."""
    assert {shape for pair in SHAPES.values() for shape in pair} == set(NAMES)
    assert all(MarkerStyle(shape).is_filled() for shape in NAMES)


def test_refused_metrics_are_told():
    """All of them, and no others."""
    table = PAGE.split("| metric | why not |")[1].split("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", table)) == set(UNFIT)
