"""``GET /v1/revisions``: how a value was restated after its day had passed, and why."""

from datetime import date, timedelta
from functools import partial
from typing import Annotated

import numpy as np
from litestar import get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from services.metrics.answers import revisions as ledger
from services.metrics.answers.api import question
from services.metrics.answers.api.desk import Desk
from services.metrics.answers.revisions import RevisionQuestion
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.kernels import Ints
from services.metrics.domain.sums.windows import days_of, windows
from shared.access.needs import NEED, READ_METRICS
from shared.access.rights import Sight
from shared.contracts.history import Because, Revision, Revisions
from shared.contracts.metrics import ALL
from shared.kit.problems import all_of

MOST_DAYS = 92
USUAL_DAYS = 28

Name = Annotated[str, QueryParameter(name="metric", description="one metric's name")]
From = Annotated[date | None, QueryParameter(name="from", description="first day; 28 days before the last if absent")]
To = Annotated[date | None, QueryParameter(description="last day; yesterday if absent")]
Who = Annotated[str, QueryParameter(description="one occupation, or * for all (default)")]


def route(desk: Desk) -> HTTPRouteHandler:
    """The handler."""

    @get("/v1/revisions", opt={NEED: READ_METRICS}, summary="How a value was restated, and why")
    async def revisions(
        name: Name,
        sight: NamedDependency[Sight],
        unit: question.OneUnit = ALL,
        occupation: Who = ALL,
        first: From = None,
        to: To = None,
        window: question.Days = None,
    ) -> Revisions:
        all_of(
            lambda: question.restated(name),
            lambda: question.day("from", first or desk.clock.today()),
            lambda: question.day("to", to or desk.clock.today()),
            lambda: question.window(window, desk.window_days),
        )
        metric = question.restated(name)
        last = question.day("to", to or desk.clock.today() - timedelta(days=1))
        days = _days(question.day("from", first or last - timedelta(days=USUAL_DAYS)), last)
        length = question.window(window, desk.window_days)
        asked = RevisionQuestion(
            metric, Group(unit, occupation), days, windows(length, days), desk.norm, desk.clock.zone
        )
        async with desk.ledger(partial(ledger.cost, asked=asked)) as view:
            found = await ledger.revisions(view, asked)
        desk.inside(sight, unit)
        question.unit(desk.register, unit)
        return Revisions(
            unit=unit,
            unit_name=found.tree.name(unit),
            occupation=occupation,
            metric=metric.name,
            window_days=days_of(length, last.toordinal()),
            omitted=found.omitted,
            revisions=[_revision(asked, revision) for revision in found.revisions],
        )

    return revisions


def _days(first: date, last: date) -> Ints:
    if first > last:
        question.wrong("from", f"from={first} is after to={last}")
    if (last - first).days >= MOST_DAYS:
        question.wrong("from", f"from={first} to={last} are more than {MOST_DAYS} days: ask for fewer")
    return np.arange(first.toordinal(), last.toordinal() + 1)


def _revision(asked: RevisionQuestion, found: ledger.Revision) -> Revision:
    (_, day), before, after = found.change
    return Revision(
        as_of=date.fromordinal(int(asked.days[day])),
        revision=found.batch,
        known_at=found.at,
        before=before,
        after=after,
        causes=[
            Because(type=cause.type, events=cause.events, days_late=cause.days, certain=cause.certain)
            for cause in found.causes
        ],
    )
