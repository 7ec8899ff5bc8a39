"""The picture of a backtest: a bar for each alert in the lane of its plan, flaps marked, and mails of every plan."""

from datetime import date, timedelta

import pytest

from cli.offline.backtesting.picture import LEAST, MOST, drawn, png
from services.alerts.domain.backtest import document
from services.alerts.domain.backtest.document import Backtest, RaisedAlert, RecipientWeek, TargetSum

FIRST, LAST = date(2023, 1, 1), date(2025, 12, 31)
LONG = "Enheten för barn, unga och familjer i norra och östra distriktet, $x^2$"
PNG = b"\x89PNG"


def _alert(unit: str, raised: date, closed: date | None, **more: object) -> RaisedAlert:
    days = ((closed or LAST) - raised).days
    told = {"kind": "breach", "outcome": None, "flap": False, **more}
    return RaisedAlert("sick", unit, f"{unit} {LONG}", since=raised, raised=raised, closed=closed, days=days, **told)


def _plan(name: str, *alerts: RaisedAlert) -> document.TestedPlan:
    weeks = [RecipientWeek("hr", "2023-W05", 2, 3), RecipientWeek("head", "2023-W05", 1, 1)]
    return document.TestedPlan(name, "p", 2, [TargetSum("sick", len(alerts), 1, 1, 9, 0, 1.5)], list(alerts), weeks)


TWO = Backtest(
    FIRST,
    LAST,
    [
        _plan(
            "old.yaml",
            _alert("u1", date(2023, 2, 1), date(2023, 2, 2)),
            _alert("u1", date(2023, 3, 1), None, flap=True),
            _alert("u2", date(2024, 1, 1), date(2024, 6, 1), kind="expected"),
        ),
        _plan("new.yaml", _alert("u1", date(2023, 3, 1), date(2023, 9, 1))),
    ],
)


@pytest.mark.parametrize(
    ("language", "words"), [("sv", ("mejl per vecka", "larm, old.yaml")), ("en", ("flap", "sick"))]
)
def test_each_alert_has_a_bar_in_the_lane_of_its_plan(language: str, words: tuple[str, ...]):
    """From the day it was raised to the day it was closed, or the last; a short one is wide enough to be seen."""
    figure = drawn(TWO, language)
    bars, old, new = figure.axes
    found = [(bar.get_x(), bar.get_width()) for bar in bars.patches if bar.get_height() < 0.5]
    expected = [("2023-02-01", LEAST), ("2023-03-01", 1036), ("2024-01-01", 152), ("2023-03-01", 184)]
    assert found == [(date.fromisoformat(day).toordinal(), wide) for day, wide in expected]
    [flap] = [line for line in bars.lines if line.get_marker() == "d"]
    assert flap.get_xdata()[0] == date(2023, 3, 1).toordinal()
    lanes = {bar.get_facecolor() for bar in old.patches}, {bar.get_facecolor() for bar in new.patches}
    assert lanes[0] != lanes[1]
    assert [bar.get_height() for bar in old.patches] == [3]
    texts = [text.get_text() for one in (bars, old, new, figure.legends[0]) for text in one.findobj(_is_text)]
    assert all(any(word in text for text in texts) for word in words)
    assert png(TWO, language).startswith(PNG)


def test_what_does_not_fit_is_said():
    """Many units: those with most alert days are shown, and how many are left out is told; nothing at all is said."""
    many = [_alert(f"u{n}", FIRST, FIRST + timedelta(n + 1)) for n in range(MOST + 5)]
    figure = drawn(Backtest(FIRST, LAST, [_plan("p", *many)]), "en")
    assert any("5 more rows" in text.get_text() for text in figure.texts)
    names = [text.get_text() for text in figure.axes[0].texts]
    assert len(names) == MOST + 1
    assert not any(name.startswith("u0 ") for name in names)
    nothing = drawn(Backtest(FIRST, LAST, [_plan("p")]), "en")
    assert "nothing" in nothing.axes[0].texts[0].get_text()


def _is_text(one: object) -> bool:
    return hasattr(one, "get_text")
