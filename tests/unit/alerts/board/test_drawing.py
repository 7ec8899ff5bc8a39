"""Charts as places: in per cent, upwards for more, broken where there is no value."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerts.board import drawing
from services.alerts.board.charted import Months
from services.alerts.board.control import chance_of_months, control
from services.alerts.board.drawing import BOTTOM, TOP, Scale
from services.alerts.board.months import last_whole, years_before
from services.alerts.board.starts import Start
from shared.contracts.catalogue import BY_NAME
from shared.contracts.metrics import MetricValue
from shared.language.language import Language
from tests.unit.alerts.board.pages import to

NUMBERS = st.floats(-1e6, 1e6).filter(lambda number: number == 0 or abs(number) > 1e-6)


@given(st.lists(NUMBERS, min_size=1, max_size=40))
def test_every_value_lies_in_the_frame(values: list[float]) -> None:
    """More is higher, nothing is outside, and there are a few round ticks between."""
    on = drawing.scale(values)
    places = [on.y(value) for value in sorted(values)]
    assert places == sorted(places, reverse=True)
    assert all(TOP <= place <= BOTTOM for place in places)
    ticks = drawing.ticks(on)
    assert 1 <= len(ticks) <= 8
    assert all(on.low <= tick <= on.high for tick in ticks)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.0, 0.324, [0.0, 0.1, 0.2, 0.3]),
        (0.0102, 0.0188, [0.012, 0.014, 0.016, 0.018]),
        (0.0, 5456.0, [0.0, 2000.0, 4000.0]),
        (-6.8, 11.8, [-5.0, 0.0, 5.0, 10.0]),
    ],
)
def test_ticks_are_round(low: float, high: float, ticks: list[float]) -> None:
    """As people count."""
    assert drawing.ticks(Scale(low, high)) == ticks


def test_a_line_and_its_interval_break_where_there_is_no_value() -> None:
    """What is hidden is a gap, not a line through it."""
    on, values = Scale(0.0, 1.0, 0.0, 100.0), [0.0, 0.5, None, 1.0]
    xs = drawing.across(4, 0.0, 90.0)
    assert drawing.lines(xs, values, on) == ["0.0,100.0 30.0,50.0", "90.0,0.0"]
    assert drawing.band(xs, values, values, on) == ["0.0,100.0 30.0,50.0 30.0,50.0 0.0,100.0", "90.0,0.0 90.0,0.0"]


def test_a_sparkline_needs_two_values() -> None:
    """One value has no way; the last one is marked only if it is there."""
    assert drawing.spark("x", [None, 0.1], 0.2) is None
    spark = drawing.spark("x", [0.1, 0.2, None], 0.3)
    assert spark
    assert spark.end is None
    assert spark.limit == 4.0


def months(count: int) -> list[date]:
    """The last days of months in a row."""
    return [last_whole(date(2023 + n // 12, n % 12 + 1, 28).replace(day=1)) for n in range(1, count + 1)]


def values(*numbers: float | None) -> list[MetricValue]:
    """Values of months."""
    return [MetricValue(status="suppressed" if n is None else "final", definition="d", value=n) for n in numbers]


def test_a_month_outside_has_a_shape_of_its_own_and_says_why() -> None:
    """Shape and words, so that no colour is needed; usual months have neither."""
    found = control(Months(months(14), values(*[0.04, 0.08] * 6, 0.04, 0.2)), BY_NAME["sick_rate"], "Titel", to())
    assert (found.drawing.marks[-1].shape, found.drawing.marks[-1].look) == ("diamond", "concern")
    assert found.rows[0].says == "över den övre gränsen: sämre"
    assert found.rows[1].says == "inom normal variation"
    assert found.drawing.marks[0] == found.drawing.marks[0]._replace(shape="dot", look="ordinary")
    assert found.remark == ""


def test_a_hidden_month_is_a_gap_that_the_table_explains() -> None:
    """No mark is drawn of it."""
    found = control(Months(months(5), values(0.05, 0.06, None, 0.05, 0.06)), BY_NAME["sick_rate"], "Titel", to())
    assert len(found.drawing.marks) == 4
    assert found.rows[2].says.startswith("Dolt")
    assert "4 månader" in found.remark


def test_no_limits_are_drawn_of_what_looks_back_a_year() -> None:
    """A line alone, and why."""
    found = control(Months(months(6), values(*[0.8, 0.81] * 3)), BY_NAME["stability"], "Titel", to())
    assert (found.drawing.rules, found.drawing.bands) == ([], [])
    assert found.usual == to().words.chart_unfit
    assert {mark.shape for mark in found.drawing.marks} == {"dot"}


START = Start(date(2024, 6, 15), "Mindre dokumentation")
BEFORE = [0.36, 0.37, 0.35] * 6
"""Eighteen months from January 2023 on."""


def test_months_since_a_start_are_judged_by_what_was_usual_before_it() -> None:
    """36 % before, 40 % since: each month is worse, in shape and words, and so it is said in a sentence."""
    shown = Months(months(26), values(*BEFORE, *[0.41, 0.4] * 4), [START])
    found = control(shown, BY_NAME["documentation_share"], "Titel", to())
    assert {(mark.shape, mark.look) for mark in found.drawing.marks[18:]} == {("diamond", "concern")}
    assert found.since
    assert (found.since.shape, found.since.look) == ("up", "concern")
    assert found.since.text.startswith("Sedan 15 juni 2024: en ny nivå till det sämre, 8 månader i rad över")
    assert found.usual.startswith("Normal variation före starten, som månaderna efter bedöms mot:")
    assert [rule.kind for rule in found.drawing.rules if rule.kind.startswith("since")] == ["since concern"]
    assert [line.text for line in found.drawing.uprights] == ["15 juni 2024"]
    assert found.begun == ["15 juni 2024: Mindre dokumentation"]


def test_limits_drawn_anew_stand_beside_those_of_before() -> None:
    """Twelve months on a new level: two bands, and values at the edge of the latest alone."""
    shown = Months(months(30), values(*BEFORE, *[0.41, 0.4] * 6), [START])
    found = control(shown, BY_NAME["documentation_share"], "Titel", to("en"))
    assert "drawn anew since the start" in found.usual
    assert (len(found.drawing.bands), len(found.drawing.rules)) == (2, 6)
    assert sum(bool(rule.text) for rule in found.drawing.rules) == 3
    assert found.drawing.marks[-1].look == "ordinary"


def test_the_first_start_with_months_before_it_is_told_from() -> None:
    """One from before the chart has no before; later ones are lines alone."""
    starts = [Start(date(2020, 1, 1), "För länge sedan"), START, Start(date(2024, 9, 1), "Mer")]
    found = control(Months(months(26), values(*BEFORE, *[0.41, 0.4] * 4), starts), BY_NAME["sick_rate"], "T", to())
    assert found.since
    assert "15 juni 2024" in found.since.text
    assert [line.text for line in found.drawing.uprights] == ["15 juni 2024", "1 september 2024"]


def test_nothing_is_known_since_a_start_of_what_has_no_control_chart() -> None:
    """A line alone."""
    found = control(Months(months(26), values(*[0.8] * 26), [START]), BY_NAME["stability"], "Titel", to())
    assert (found.since, found.begun) == (None, [])


@pytest.mark.parametrize(
    ("amounts", "language", "said"),
    [
        ([0.04, 0.06] * 7, "sv", "Kan vara slump: februari 2024, 6 %, ligger inom enhetens normala variation, "),
        ([0.04, 0.06] * 7, "en", "May be chance: February 2024, 6%, lies within normal variation of the unit, "),
        ([0.04, 0.06] * 7 + [0.2], "sv", "Knappast slump, enligt enhetens styrdiagram. Mars 2024, 20 %: över den övre"),
        (
            [0.04, 0.06] * 7 + [0.2],
            "en",
            "Hardly chance, by the unit's control chart. March 2024, 20%: above the upper",
        ),
        ([0.04, 0.06] * 7 + [0.2, None], "en", "Hardly chance, by the unit's control chart. March 2024, 20%"),
        ([0.04, 0.06] * 4, "sv", "Går inte att säga än: enhetens styrdiagram har 8 månader, och det krävs 12."),
        ([0.04], "en", "It cannot be said yet: the unit's control chart has 1 month, and 12 are needed."),
        ([None, None], "sv", ""),
    ],
)
def test_whether_it_is_chance_is_answered_by_the_latest_month(
    amounts: list[float | None], language: Language, said: str
) -> None:
    """Where a value has no interval: within normal variation, special, or too few to tell."""
    shown = Months(months(len(amounts)), values(*amounts))
    found = chance_of_months(shown, BY_NAME["sick_rate"], to(language)).replace("\N{NO-BREAK SPACE}", " ")
    assert found.startswith(said)
    assert bool(found) == bool(said)


def test_chance_is_answered_by_what_was_usual_before_a_start() -> None:
    """A year at 36 % before it, 40 % since: the last month is no chance."""
    shown = Months(months(26), values(*BEFORE, *[0.41, 0.4] * 4), [START])
    found = chance_of_months(shown, BY_NAME["documentation_share"], to("en"))
    assert found.startswith("Hardly chance")


@pytest.mark.parametrize(
    ("day", "last", "first"),
    [
        (date(2025, 12, 31), date(2025, 12, 31), date(2023, 1, 1)),
        (date(2026, 1, 1), date(2025, 12, 31), date(2023, 1, 1)),
        (date(2024, 2, 28), date(2024, 1, 31), date(2021, 2, 1)),
        (date(2024, 2, 29), date(2024, 2, 29), date(2021, 3, 1)),
    ],
)
def test_whole_months(day: date, last: date, first: date) -> None:
    """The last one that is over, and the first of thirty-six."""
    assert (last_whole(day), years_before(last, 3)) == (last, first)
