"""A unit's page: each of its promises in a sentence, with its year, what should be done, and what lies ahead."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from services.alerts.board import drawing
from services.alerts.board.answer import Asked, page
from services.alerts.board.board import Board
from services.alerts.board.by_months import ByMonths, charted_of
from services.alerts.board.drawing import Spark
from services.alerts.board.months import last_whole, short_month, years_before
from services.alerts.board.promise import (
    PromiseLine,
    PromisePart,
    actions,
    has_number,
    is_everyone,
    numbers_of,
    promise_line,
    state_of,
)
from services.alerts.board.writing import Writing
from services.alerts.domain.alert.telling import View
from services.alerts.domain.letter.facts import title
from services.alerts.domain.plan.plan import Unit, Version, limit
from services.alerts.domain.plan.progress import Progress, standings
from services.alerts.metrics_service import MetricsAwayError, MetricsService
from services.alerts.repository import board as shown
from shared.contracts.catalogue import BY_NAME
from shared.contracts.history import Series
from shared.contracts.metrics import ALL, HORIZONS, MetricValue

MOST_BELOW = 200

Key = tuple[str, str]
"""An occupation and a metric."""


class Known(NamedTuple):
    """What the metrics service adds: the months of the past year, and the values of the days ahead."""

    months: list[date]
    past: Mapping[Key, list[MetricValue]]
    ahead: Mapping[int, Mapping[Key, MetricValue]]
    provisional: bool = False


def route(board: Board) -> HTTPRouteHandler:
    """The handler."""

    @get("/units/{unit:path}")
    async def unit_page(request: Asked, unit: FromPath[str]) -> Response[str]:
        to, name = board.writing(request), unit.removeprefix("/")
        async with board.connected() as connection:
            found = await board.unit(connection, name)
            board.inside(request, found)
            views = await board.handled(connection, await shown.of_unit(connection, found.id))
            plans = await board.plans(connection)
            today = await board.today(connection)
            updates = await board.updates(connection, list(plans.values()))
            progress = standings(updates, today)
            below = await shown.under(connection, found.id, MOST_BELOW)
            above = await shown.unit(connection, found.path[1]) if len(found.path) > 1 and found.id != ALL else None
        try:
            known = await asked(board.metrics(request), found.id, views, today)
        except MetricsAwayError:
            known = None
        promised = [(promise_line(view, to, plans), charted_of(view, found)) for view in views]
        by_months = ByMonths(board.metrics(request), plans, updates, today, to)
        lines = await by_months.each(promised) if known else [line for line, _ in promised]
        parts = [
            _part(line, view, found, plans, progress, known, today, to) for line, view in zip(lines, views, strict=True)
        ]
        return page(
            request,
            to,
            "unit.html",
            to.place(found.name, found.id),
            unit=found,
            above=above if above and board.sees(request, above) else None,
            below=below,
            promises=parts,
            firing=sum(part.line.state == "firing" for part in parts),
            away=known is None,
            today=today,
        )

    return unit_page


async def asked(metrics: MetricsService, unit: str, views: Sequence[View], today: date) -> Known:
    """The past year and the days ahead of every promise of a unit, all asked at once; raises MetricsAwayError.

    Of parts of a group nothing is asked: more is told of each than alerts would.
    """
    by_occupation: defaultdict[str, set[str]] = defaultdict(set)
    for view in views:
        if is_everyone(view):
            by_occupation[view.occupation].add(view.metric)
    last = last_whole(today)
    first = years_before(last, 1)
    past, later = [], []
    for occupation, names in by_occupation.items():
        past.append(metrics.months(unit, occupation, sorted(names), first, last))
        told_ahead = sorted(name for name in names if name in BY_NAME and not BY_NAME[name].by_month)
        if told_ahead:
            later += [metrics.on(unit, occupation, told_ahead, today + timedelta(days)) for days in HORIZONS]
    found = await asyncio.gather(*past, *later)
    past_found, later_found = found[: len(past)], found[len(past) :]
    ahead: dict[int, dict[Key, MetricValue]] = {days: {} for days in HORIZONS}
    for number, one in enumerate(later_found):
        days = HORIZONS[number % len(HORIZONS)]
        ahead[days] |= {key: values[0] for key, values in _by_key(one).items()}
    months = next((one.points for one in past_found if one), [])
    merged = {key: values for one in past_found for key, values in _by_key(one).items()}
    return Known([point.as_of for point in months], merged, ahead, any(one.provisional for one in found if one))


def _by_key(series: Series | None) -> dict[Key, list[MetricValue]]:
    if series is None:
        return {}
    return {(group.occupation, name): values for group in series.groups for name, values in group.metrics.items()}


def _part(
    line: PromiseLine,
    view: View,
    unit: Unit,
    plans: Mapping[str, Version],
    progress: dict[tuple[str, str], Progress],
    known: Known | None,
    today: date,
    to: Writing,
) -> PromisePart:
    version = plans.get(view.plan)
    if version is None or view.target not in version.plan.targets:
        return PromisePart(line, view.plan, _spark(view, known, to), (), _ahead(view, known, today, to))
    plan = version.plan
    done = actions(plan, plan.target(view.target, unit.path), progress, today, to)
    named = title(plan.title, to.language, plan.language)
    return PromisePart(line, named, _spark(view, known, to), done, _ahead(view, known, today, to))


def _spark(view: View, known: Known | None, to: Writing) -> Spark | None:
    """The year's months and the value of now; none where the number is hidden now."""
    if known is None or not is_everyone(view) or not has_number(view) or view.threshold is None:
        return None
    values = [value.value for value in known.past.get((view.occupation, view.metric), [])] + [view.value]
    number = numbers_of(view, to)
    begun = next((n for n, value in enumerate(values) if value is not None), 0)
    if begun >= len(known.months):
        return None
    name = to.words.trend_of.format(
        metric=to.metric(view.metric),
        first=short_month(known.months[begun], to.language),
        start=number(values[begun]),
        last=to.day(view.value_on),
        end=number(view.value),
    )
    return drawing.spark(name, values[begun:], view.threshold)


def _ahead(view: View, known: Known | None, today: date, to: Writing) -> tuple[tuple[str, str, bool], ...]:
    """The value on the days ahead; nothing where nothing is told in advance, or the number is hidden now."""
    if known is None or not is_everyone(view) or view.ruled or not has_number(view) or state_of(view) == "not_judged":
        return ()
    number, breach = numbers_of(view, to), limit(view.side, view.threshold)
    rows = []
    for days in HORIZONS:
        told = known.ahead[days].get((view.occupation, view.metric))
        if told is not None and told.value is not None:
            when = f"{to.say(to.words.days_ahead, n=days)} ({to.day(today + timedelta(days))})"
            rows.append((when, number(told.value), breach is not None and breach.passed(told.value)))
    return tuple(rows)
