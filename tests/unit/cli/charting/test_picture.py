"""The picture of a chart: what a reader sees on it."""

from datetime import date

import msgspec
import pytest
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from cli.offline.charting import drawing
from cli.offline.charting.document import Document
from cli.offline.charting.picture import drawn, png
from cli.offline.charting.sources import source_in
from cli.offline.charting.words import text
from shared.contracts.catalogue import METRICS
from shared.contracts.metrics import MetricValue
from shared.language.charts import Reading
from shared.language.language import Language
from tests.unit.cli.charting.drawing import ABSENT, HIDDEN, LOW_THEN_HIGH, UNEVEN, chart, value

CHARTS = {
    "ordinary": chart(UNEVEN),
    "special": chart(LOW_THEN_HIGH),
    "plan": chart(LOW_THEN_HIGH, date(2024, 6, 15)),
    "plan that lasts": chart([*LOW_THEN_HIGH, *[0.09, 0.08] * 3], date(2024, 6, 15)),
    "two plans": chart(LOW_THEN_HIGH, date(2024, 6, 15), date(2024, 8, 1)),
    "gaps": chart([*UNEVEN, HIDDEN, HIDDEN, ABSENT, 0.05, value(0.06, status="low_reliability")]),
    "short": chart(UNEVEN[:8]),
    "no limits": chart([0.05, HIDDEN, 0.05]),
    "one month": chart([0.05]),
    "all at once": chart(
        [value(v, numerator=0.5) for v in (*LOW_THEN_HIGH, *(n / 500 for n in range(45, 15, -4)))]
        + [HIDDEN, ABSENT, value(0.03, status="low_reliability")],
        date(2024, 12, 1),
        metric="leaver_rate",
    ),
    "nothing moves": chart([0.0] * 12),
    "provisional": msgspec.structs.replace(chart(UNEVEN[:8]), provisional=True),
}


def picture(of: Document, language: Language = "en") -> Figure:
    """The picture, in a language."""
    return drawn(of, text(of, language), language)


def tops(*parts: Artist) -> list[float]:
    """The foot of the first part, and head and foot of those after it that are not empty."""
    boxes = [part.get_window_extent() for part in parts]
    return [boxes[0].y0, *(y for box in boxes[1:] if box.height for y in (box.y1, box.y0))]


def words(figure: Figure) -> str:
    """Everything written on it, each text on a line of its own."""
    return "\n".join(" ".join(found.get_text().split()) for found in figure.findobj(Text))


def marks(axes: Axes, shape: str) -> list[Line2D]:
    """The markers of a shape within the plot."""
    return [line for line in axes.lines if line.get_marker() == shape]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", CHARTS)
def test_every_kind_of_chart_becomes_a_png(name: str, language: Language):
    """Of the same width, and the same each time."""
    made = [png(CHARTS[name], text(CHARTS[name], language), language) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0].startswith(b"\x89PNG")
    assert int.from_bytes(made[0][16:20]) == 1500


@pytest.mark.parametrize("name", CHARTS)
def test_all_that_is_said_stands_on_the_picture(name: str):
    """Title, period, what is normal, how to read it, legend, remarks and foot."""
    said, seen = text(CHARTS[name], "en"), words(picture(CHARTS[name])).replace("\n", " ")
    parts = [said.title, said.span, said.usual, *said.since, said.how_to_read, said.foot, *said.remarks]
    everything = [" ".join(part.split()) for part in [*parts, *(e.text for e in said.legend)]]
    assert [part for part in everything if part not in seen] == []


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("sv", ["övre gräns för normal variation 8,4 %", "medelvärde 5 %", "nedre gräns för normal variation 1,6 %"]),
        ("en", ["upper limit of normal variation 8.4%", "mean 5%", "lower limit of normal variation 1.6%"]),
    ],
)
def test_lines_are_labelled_at_the_right_edge(language: Language, labels: list[str]):
    """In words, with their values."""
    assert set(labels) <= set(words(picture(CHARTS["ordinary"], language)).splitlines())


def test_a_plan_start_is_a_labelled_line():
    """On its day: halfway through June, between the points of May and of July."""
    figure = picture(CHARTS["plan"])
    upright = [line.get_xdata()[0] for line in figure.axes[0].lines if list(line.get_ydata()) == [0, 1]]
    assert upright == [pytest.approx(17 - 0.5 + 14 / 30)]
    assert "the plan starts 15 June 2024" in words(figure)
    assert "since the start: mean 8.5%" in words(figure)
    assert "mean before the start 2.5%" in words(figure)


def test_limits_drawn_anew_stand_beside_those_of_before():
    """Both are labelled."""
    figure = picture(CHARTS["plan that lasts"])
    assert "until then: mean 2.5% normal 0% to 5.2%" in words(figure)
    assert "mean 8.5%" in words(figure).splitlines()


@pytest.mark.parametrize(("metric", "reading"), [("sick_rate", "concern"), ("client_time_share", "improvement")])
def test_what_is_known_since_a_start_has_the_colour_of_its_reading(metric: str, reading: Reading):
    """And an arrow and words: it is told without the colour."""
    figure = picture(chart(LOW_THEN_HIGH, date(2024, 6, 15), metric=metric))
    [told] = [found for found in figure.texts if "Since 15 June 2024" in found.get_text()]
    assert told.get_color() == drawing.COLOURS[reading]
    assert told.get_text().startswith("▲ ")
    assert f"for the {'worse' if reading == 'concern' else 'better'}" in told.get_text()


def test_special_points_have_shapes_and_colours_of_their_own():
    """So that they can be told apart in grey, and by the colour-blind."""
    [axes] = picture(CHARTS["special"]).axes
    assert [line.get_markeredgecolor() for line in marks(axes, "D")] == [drawing.COLOURS["concern"]] * 8
    assert [line.get_markeredgecolor() for line in marks(axes, "p")] == [drawing.COLOURS["improvement"]] * 9
    assert [line.get_markeredgecolor() for line in marks(axes, "s")] == [drawing.COLOURS["improvement"]] * 9


def test_shapes_are_distinct():
    """No two rules share one."""
    shapes = [shape for pair in drawing.SHAPES.values() for shape in set(pair)]
    assert len(shapes) == len(set(shapes))


def test_gaps_are_marked_and_explained():
    """The line breaks; a cross stands where a month is hidden, a dash where there was nothing."""
    figure = picture(CHARTS["gaps"])
    [axes] = figure.axes
    assert [line.get_xdata()[0] for line in marks(axes, "x")] == [12, 13]
    assert [line.get_xdata()[0] for line in marks(axes, "_")] == [14]
    assert all(said in words(figure) for said in ("hidden, so that nobody", "no value: there was nothing", "hollow:"))


def test_a_value_of_low_reliability_is_hollow():
    """Its marker is an outline."""
    [axes] = picture(CHARTS["gaps"]).axes
    assert [line.get_xdata()[0] for line in axes.lines if line.get_markerfacecolor() == "white"] == [16]


def test_shares_are_in_percent():
    """On the axis, as the language writes it."""
    figure = picture(CHARTS["ordinary"], "sv")
    figure.canvas.draw()
    assert "4\N{NO-BREAK SPACE}%" in [label.get_text() for label in figure.axes[0].get_yticklabels()]


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_legend_and_remarks_lie_below_each_other(name: str, language: Language):
    """Ticks, legend, remarks and foot do not meet, however many there are."""
    figure = picture(CHARTS[name], language)
    figure.canvas.draw()
    [axes], [legend], [foot, remarks] = figure.axes, figure.legends, figure.texts[-2:]
    edges = [axes.get_tightbbox().y0, legend.get_window_extent().y1, *tops(legend, remarks, foot), 0]
    assert edges == sorted(edges, reverse=True)


@pytest.mark.parametrize("name", CHARTS)
def test_nothing_is_written_over_the_edge(name: str):
    """Every word lies within the picture."""
    figure = picture(CHARTS[name], "sv")
    figure.canvas.draw()
    width, height = figure.canvas.get_width_height()
    boxes = [found.get_window_extent() for found in figure.findobj(Text) if found.get_text()]
    assert [box for box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height] == []


@pytest.mark.parametrize("unknown", [1, 2, 4, 12])
def test_the_first_day_that_is_known_is_named_within_the_plot(unknown: int):
    """Also where little is left of it: not over the numbers of the axis."""
    missing = MetricValue(status="incomplete", definition="")
    known = chart([*[missing] * unknown, *UNEVEN, *UNEVEN])
    figure = picture(msgspec.structs.replace(known, known_from=date(2024, 1, 20)), "sv")
    figure.canvas.draw()
    [axes] = figure.axes
    [said] = [found for found in axes.findobj(Text) if "känt från" in found.get_text()]
    assert said.get_window_extent().x0 >= axes.get_window_extent().x0


def test_whose_rule_it_is_is_said_in_the_language_of_the_reader():
    """Names alone are the same in both."""
    alike = {"Stadga", "Arbetsgivarverket", "Nyckeltalsinstitutet; Arbetsgivarverket"}
    alike.add("DfE, Children's social work workforce")
    told = {one.source: source_in(one.source, "sv") for one in METRICS}
    assert {source for source, said in told.items() if source == said} == alike
    incidents = chart(UNEVEN, metric="serious_incident_rate")
    assert "ska anmälas utan dröjsmål" in text(incidents, "sv").foot
    assert "to be reported without delay" in text(incidents, "en").foot


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("metric", ["headcount", "weighted_caseload", "vacancy_age_days", "leaver_rate"])
def test_long_values_along_the_axis_are_not_cut_off(metric: str, language: Language):
    """ "17.5 people" is wider than "5 %"."""
    figure = picture(chart([value(12_000 + 0.5 * n) for n in range(12)], metric=metric), language)
    png_made = figure.canvas.get_width_height()
    labels = [label.get_window_extent() for label in figure.axes[0].get_yticklabels()]
    assert min(box.x0 for box in labels) > 0
    assert max(box.x1 for box in labels) < png_made[0] / 2
