"""A metric of a unit: its control chart, what it means, how far it is known, and its siblings beside it."""

from difflib import get_close_matches
from typing import Annotated, NamedTuple

import asyncpg
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter

from services.alerts.board.answer import Asked, page
from services.alerts.board.board import Board, Missing
from services.alerts.board.charted import begun, of_years
from services.alerts.board.control import ControlChart, chance_of_months, control
from services.alerts.board.links import metric_path
from services.alerts.board.months import short_month
from services.alerts.board.starts import Measured, Start, starts
from services.alerts.board.writing import Writing
from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.plan.plan import Unit
from services.alerts.metrics_service import MetricsAwayError
from services.alerts.repository import board as shown
from services.alerts.repository.kept_days import Stored
from shared.contracts.catalogue import BY_NAME, METRICS, Metric
from shared.contracts.catalogue.chance import chance
from shared.contracts.history import Series
from shared.contracts.metrics import ALL

MOST_SIBLINGS = 60


class SiblingRow(NamedTuple):
    """A unit beside others."""

    path: str
    name: str
    value: str
    interval: str
    says: str
    share: int | None
    """How long its bar is, in per cent of the longest."""
    own: bool


def route(board: Board) -> HTTPRouteHandler:
    """The handler."""

    @get("/metrics/{metric:str}")
    async def metric_page(
        request: Asked,
        metric: FromPath[str],
        unit: Annotated[str, QueryParameter(description="a unit's reference; * for all", max_length=200)] = ALL,
        occupation: Annotated[str, QueryParameter(description="one occupation; * for all", max_length=200)] = ALL,
    ) -> Response[str]:
        to = board.writing(request)
        if metric not in BY_NAME:
            near = get_close_matches(metric, BY_NAME, 1)
            raise Missing("no_metric", metric, (near[0], to.metric(near[0])) if near else None)
        found = BY_NAME[metric]
        async with board.connected() as connection:
            place = await board.unit(connection, unit)
            beside = await _beside(connection, place)
            latest = await shown.latest(connection, {ALL, *beside}, occupation, metric)
            today = await board.today(connection)
            plans = list((await board.plans(connection)).values())
            told = await board.updates(connection, plans)
        since = starts([one.plan for one in plans], told, Measured(metric, place, occupation), today, to)
        try:
            series = await of_years(board.metrics(request), place.id, occupation, found, today)
            away = False
        except MetricsAwayError:
            series, away = None, True
        name, siblings = to.place(place.name, place.id), _siblings(place, beside, latest, found, occupation, to)
        named = f"{to.metric(metric)}{to.only(SeriesKey(place.id, occupation, metric))}"
        return page(
            request,
            to,
            "metric.html",
            to.say(to.words.metric_of, metric=named, unit=name),
            unit=place,
            metric=found,
            occupation=occupation,
            said=getattr(found, to.language),
            chart=_chart(series, found, since, (named, name), to) if series else None,
            chance=_chance(latest.get(place.id), series, found, since, to),
            away=away,
            value=_value(latest.get(place.id), found, to),
            own=board.sees(request, place),
            siblings=siblings,
            intervals=any(row.interval != "–" for row in siblings),
            metrics=[(one.name, to.metric(one.name)) for one in METRICS],
            provisional=bool(series and series.provisional),
            today=today,
        )

    return metric_page


async def _beside(connection: asyncpg.Connection, place: Unit) -> dict[str, Unit]:
    """The unit and its siblings; of the whole, what lies right below it."""
    parent = place.path[1] if len(place.path) > 1 else place.id
    return {one.id: one for one in await shown.under(connection, parent, MOST_SIBLINGS)} | {place.id: place}


def _chart(
    series: Series, metric: Metric, starts: list[Start], named: tuple[str, str], to: Writing
) -> ControlChart | None:
    """The chart, under the names of its metric and its unit; None if there never was anything to measure."""
    shown = begun(series, metric.name, starts)
    if shown is None:
        return None
    name = to.say(
        to.words.chart_label,
        metric=named[0],
        unit=named[1],
        first=short_month(shown.months[0], to.language),
        last=short_month(shown.months[-1], to.language),
    )
    return control(shown, metric, name, to)


class ValueNow(NamedTuple):
    """The latest value and how far it is known."""

    value: str
    interval: str
    says: str
    over: str
    known_from: str
    complete_from: str
    fresh_until: str


def _value(stored: Stored | None, metric: Metric, to: Writing) -> ValueNow | None:
    if stored is None:
        return None
    number, words = to.numbers(metric.name, (), (stored.value,)), to.words
    over = to.mail_words.months.format(until=to.day(stored.until)) if stored.until else to.day(stored.as_of)
    fresh = to.day(stored.fresh_until) if stored.fresh_until else words.fresh.format(day=to.day(stored.as_of))
    return ValueNow(
        number(stored.value),
        number.between(stored.low, stored.high),
        "" if stored.value is not None else words.no_number.get(stored.status, ""),
        over,
        to.day(stored.known_from),
        to.day(stored.complete_from),
        fresh,
    )


def _chance(stored: Stored | None, series: Series | None, metric: Metric, since: list[Start], to: Writing) -> str:
    """Whether chance may be behind a value that has no interval: by its months, or not at all; of others nothing."""
    how = chance(metric)
    if stored is None or stored.value is None or how == "interval":
        return ""
    if how == "count":
        return to.words.chance_count
    shown = begun(series, metric.name, since) if series else None
    return chance_of_months(shown, metric, to) if shown else to.words.chance_months


def _siblings(
    place: Unit, beside: dict[str, Unit], latest: dict[str, Stored], metric: Metric, occupation: str, to: Writing
) -> list[SiblingRow]:
    """The highest first, those without a number last, the whole at the top."""
    known = {unit: one.value for unit, one in latest.items() if one.value is not None and unit in {ALL, *beside}}
    most = max(map(abs, known.values()), default=0.0) or 1.0
    number = to.numbers(metric.name, (), known.values())
    ordered = sorted(beside.values(), key=lambda one: (one.id not in known, -known.get(one.id, 0.0), one.name))
    rows = []
    for one in [Unit(ALL, ALL, (ALL,)), *(unit for unit in ordered if unit.id != ALL)]:
        stored = latest.get(one.id)
        value = stored.value if stored else None
        rows.append(
            SiblingRow(
                metric_path(metric.name, one.id, occupation),
                to.place(one.name, one.id),
                number(value),
                number.between(stored.low, stored.high) if stored and value is not None else "–",
                "" if value is not None else to.words.no_number.get(stored.status if stored else "none", ""),
                None if value is None else round(100 * abs(value) / most),
                own=one.id == place.id,
            )
        )
    return rows
