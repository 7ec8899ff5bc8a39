"""``GET /v1/metrics``: any group, on any day, past or future, straight from the facts."""

from datetime import date
from functools import partial

import numpy as np
from litestar import get
from litestar.handlers import HTTPRouteHandler

from services.metrics.answers import history
from services.metrics.answers.api import question
from services.metrics.answers.api.desk import Desk
from services.metrics.answers.api.question import When
from services.metrics.answers.history import HistoryQuestion, Most
from services.metrics.domain.sources.freshness import NONE_LATE, Staleness, marked
from services.metrics.domain.sums.windows import days_of
from services.metrics.domain.values.answer import Answer
from shared.access.needs import NEED, READ_METRICS
from shared.contracts.catalogue import Metric
from shared.contracts.groups import GroupValues, Values
from shared.contracts.metrics import ALL
from shared.kit.problems import all_of

MOST_VALUES = 250_000


def route(desk: Desk) -> HTTPRouteHandler:
    """The handler."""

    @get("/v1/metrics", opt={NEED: READ_METRICS}, summary="Metrics of a unit and everything below it")
    async def metrics(
        unit: question.Unit = None,
        occupation: question.Occupation = ALL,
        by: question.By = None,
        as_of: question.AsOf = None,
        window: question.Days = None,
        known_at: question.KnownAt = None,
        names: question.Names = None,
    ) -> Values:
        today = desk.clock.today()
        all_of(
            lambda: question.metrics(names),
            lambda: question.day("as_of", as_of or today),
            lambda: question.window(window, desk.window_days),
            lambda: question.selection(unit, occupation, by),
            lambda: question.instant(known_at),
        )
        wanted = question.metrics(names)
        day = question.day("as_of", as_of or today)
        length = question.window(window, desk.window_days)
        when = When(np.array([day.toordinal()]), length, desk.window_days, today, known_at)
        asked = HistoryQuestion(
            question.selection(unit, occupation, by),
            when.days,
            when.window,
            history.read_by(wanted),
            question.instant(known_at),
            desk.norm,
            Most(MOST_VALUES, len(wanted)),
            question.months_disclosed(wanted, when),
        )
        async with desk.ledger(partial(history.cost, asked=asked, metrics=len(wanted))) as view:
            counted = await history.count(view, asked)
            question.unit(desk.register, unit)
            stale = NONE_LATE if known_at else desk.stale()
            groups = await view.apart(_groups, counted.answer, wanted, day, stale, asked.of_health(wanted))
        return Values(day, days_of(length, day.toordinal()), counted.revision, groups, counted.provisional)

    return metrics


def _groups(
    answer: Answer, wanted: tuple[Metric, ...], day: date, stale: Staleness, of_health: bool
) -> list[GroupValues]:
    everyone = np.arange(len(answer.groups))
    found = answer.values(wanted, everyone)
    private: list[bool | None] = answer.private[:, 0].tolist() if of_health else [None] * len(answer.groups)
    return [
        GroupValues(
            g.unit,
            answer.tree.name(g.unit),
            *g[1:],
            marked({name: column[i] for name, column in found.items()}, day, stale.of(g.unit, answer.tree)),
            private[i],
        )
        for g, i in sorted(zip(answer.groups, everyone.tolist(), strict=True))
    ]
