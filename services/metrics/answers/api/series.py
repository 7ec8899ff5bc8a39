"""``GET /v1/series``: how values go over time, always restated from the facts."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import islice
from typing import Annotated

import numpy as np
from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from services.metrics.answers import history
from services.metrics.answers.api import question
from services.metrics.answers.api.desk import Desk
from services.metrics.answers.api.question import When
from services.metrics.answers.history import HistoryQuestion, Most
from services.metrics.domain.sources.freshness import NONE_LATE, Marks, Staleness, mark
from services.metrics.domain.sums.kernels import Ints
from services.metrics.domain.sums.periods import Period, periods
from services.metrics.domain.sums.windows import WindowLength
from services.metrics.domain.values.answer import Answer
from shared.access.needs import NEED, READ_METRICS
from shared.contracts.catalogue import Metric
from shared.contracts.history import GroupSeries, Point, Series, Step
from shared.contracts.metrics import ALL, MetricValue
from shared.kit.problems import all_of

YEAR = 364
BY_DAYS = frozenset({"day", "week"})
"""Steps that are not of whole months."""
MOST_POINTS = 400
MOST_VALUES = 25_000

From = Annotated[date | None, QueryParameter(name="from", description="first day; a year before the last if absent")]
To = Annotated[date | None, QueryParameter(description="last day, past or future; today if absent")]
Steps = Annotated[Step, QueryParameter(name="step", description="a point at the end of each")]
Windows = Annotated[
    str | None,
    QueryParameter(
        name="window",
        description="days of each point's window, or 12m: from the same date a year before; the service's if absent;"
        " step: those of its step alone",
    ),
]


def route(desk: Desk) -> HTTPRouteHandler:
    """The handler."""

    @get("/v1/series", opt={NEED: READ_METRICS}, summary="Metrics over time")
    async def series(
        unit: question.OneUnit = ALL,
        names: question.Names = None,
        first: From = None,
        to: To = None,
        step: Steps = "month",
        occupation: question.Occupation = ALL,
        by: question.By = None,
        window: Windows = None,
        known_at: question.KnownAt = None,
    ) -> Series:
        today = desk.clock.today()
        all_of(
            lambda: question.metrics(names),
            lambda: question.day("from", first or today),
            lambda: question.day("to", to or today),
            lambda: _window(window, [], desk.window_days),
            lambda: question.selection(unit, occupation, by),
            lambda: question.instant(known_at),
        )
        wanted = question.metrics(names)
        last = question.day("to", to or today)
        shown = _points(step, question.day("from", first or last - timedelta(days=YEAR)), last)
        days = np.array([period.last.toordinal() for period in shown])
        when = When(days, _window(window, shown, desk.window_days), desk.window_days, today, known_at)
        asked = HistoryQuestion(
            question.selection(unit, occupation, by),
            days,
            when.window,
            history.read_by(wanted),
            question.instant(known_at),
            desk.norm,
            Most(MOST_VALUES, len(wanted)),
            question.months_disclosed(wanted, when, by_months=step not in BY_DAYS),
        )
        async with desk.ledger(partial(history.cost, asked=asked, metrics=len(wanted))) as view:
            counted = await history.count(view, asked)
            question.unit(desk.register, unit)
            stale, of_health = NONE_LATE if known_at else desk.stale(), asked.of_health(wanted)
            groups = await view.apart(_groups, counted.answer, wanted, shown, stale, of_health)
        lengths = np.broadcast_to(asked.window, asked.days.shape).tolist()
        points = [Point(period.last, days) for period, days in zip(shown, lengths, strict=True)]
        return Series(
            step=step,
            today=today,
            revision=counted.revision,
            points=points,
            groups=groups,
            provisional=counted.provisional,
        )

    return series


def _points(step: Step, first: date, last: date) -> list[Period]:
    if first > last:
        question.wrong("from", f"from={first} is after to={last}")
    shown = list(islice(periods(step, first, last), MOST_POINTS + 1))
    if not shown:
        question.wrong("from", f"no {step} ends from {first} to {last}")
    if len(shown) > MOST_POINTS:
        too_many = f"from={first} to={last} has more than {MOST_POINTS} points, a {step} apart"
        question.wrong("from", f"{too_many}: ask for fewer days or a longer step")
    return shown


def _window(asked: str | None, shown: list[Period], usual: WindowLength) -> WindowLength | Ints:
    if asked == "step":
        return np.array([period.days for period in shown])
    return question.window(asked, usual, "step")


def _groups(
    answer: Answer, wanted: tuple[Metric, ...], shown: Sequence[Period], stale: Staleness, of_health: bool
) -> list[GroupSeries]:
    groups, days = answer.sums.none.shape
    row, day = np.repeat(np.arange(groups), days), np.tile(np.arange(days), groups)
    found = answer.values(wanted, row, day)
    private: list[list[bool] | None] = answer.private.tolist() if of_health else [None] * groups
    return [
        GroupSeries(
            **g._asdict(),
            unit_name=answer.tree.name(g.unit),
            metrics=_marked(
                {name: column[i * days : (i + 1) * days] for name, column in found.items()},
                shown,
                stale.of(g.unit, answer.tree),
            ),
            private=private[i],
        )
        for g, i in sorted(zip(answer.groups, range(groups), strict=True))
    ]


def _marked(
    found: Mapping[str, list[MetricValue]], shown: Sequence[Period], marks: Marks
) -> dict[str, list[MetricValue]]:
    """Points that tell of days that a late source has not told of say until when they are fresh."""
    stale = {
        name: [mark(value, period.last, marks[name]) for value, period in zip(found[name], shown, strict=True)]
        for name in found.keys() & marks.keys()
    }
    return {**found, **stale}
