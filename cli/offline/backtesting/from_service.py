"""A backtest of plans on what the running metrics service knew on each day."""

from collections.abc import Mapping
from datetime import date

import msgspec

from cli.connect.service import ask
from cli.offline.backtesting.from_files import NothingToTestError
from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.backtest import heard
from services.alerts.domain.backtest.asked import Days, Question, Series, asked, questions, tested
from services.alerts.domain.backtest.document import Backtest, backtest
from services.alerts.domain.backtest.heard import MONTHS_BEFORE
from services.alerts.domain.plan.reading import read
from shared.contracts import history
from shared.contracts.as_known import AsKnown, PlacedUnits
from shared.contracts.catalogue import BY_NAME

ANY = "headcount"
"""A metric that is known of every group, for whoever only asks since when it was told of."""


def from_service(plans: Mapping[str, str], url: str | None, first: date | None, last: date | None) -> Backtest:
    """By name the texts of plans, tried on the service at ``url`` (default: the one that runs here).

    Raises NothingToTestError, PlanRefused, and AskingError.
    """
    if not plans:
        raise NothingToTestError("en prövning behöver en plan (.yaml)", "a backtest needs a plan (.yaml)")
    written = {name: read(text) for name, text in plans.items()}
    placed = ask("/v1/units", {"from": _said(first), "to": _said(last)}, PlacedUnits, url)
    over = heard.days(placed)
    asks = {name: asked(plan, over) for name, plan in written.items()}
    answers = {one: _as_known(one, over, url) for one in questions(asks.values())}
    series = {one.series: _series(one, known, over, url) for one, known in answers.items() if known.since}
    told = backtest(
        placed.first, placed.last, {name: tested(plan, asks[name], series, over) for name, plan in written.items()}
    )
    present = sorted({one.metric for one in series if BY_NAME[one.metric].by_month})
    described = heard.described(answers.values(), placed.loaded)
    return msgspec.structs.replace(told, loaded=placed.loaded, described=described, present=present)


def _said(day: date | None) -> str | None:
    return str(day) if day else None


def _as_known(one: Question, over: Days, url: str | None) -> AsKnown:
    by_month = BY_NAME[one.series.metric].by_month
    group = {"unit": one.series.unit, "occupation": one.series.occupation}
    group |= {"metric": ANY if by_month else one.series.metric}
    ahead = {"ahead": ",".join(map(str, one.ahead)) or None}
    return ask("/v1/as-known", {**group, **ahead, **_span(over)}, AsKnown, url)


def _series(one: Question, known: AsKnown, over: Days, url: str | None) -> Series:
    by_month = BY_NAME[one.series.metric].by_month
    table = _months(one.series, over, url) if by_month else heard.as_known(known, over)
    return Series(table, 0, known.since.toordinal() if known.since else 0)


def _months(of: SeriesKey, over: Days, url: str | None) -> heard.Heard:
    """Of absence and pulses, which are told as known now alone."""
    group = {"unit": of.unit, "occupation": of.occupation, "metrics": of.metric, "step": "month"}
    span = _span(over) | {"from": str(date.fromordinal(over.first) - MONTHS_BEFORE)}
    return heard.by_month(ask("/v1/series", {**group, **span}, history.Series, url), BY_NAME[of.metric], over)


def _span(over: Days) -> dict[str, str | None]:
    return {"from": str(date.fromordinal(over.first)), "to": str(date.fromordinal(over.last))}
