"""``GET /v1/as-known``: the values of a metric as they were known in the evening of each day."""

from datetime import date, timedelta
from functools import partial
from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from services.metrics.answers import as_known as ledger
from services.metrics.answers.api import question
from services.metrics.answers.api.desk import Desk
from services.metrics.answers.as_known import Span
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.values.as_known import AskedAsKnown
from shared.access.needs import NEED, READ_METRICS
from shared.access.rights import Sight
from shared.contracts.as_known import AsKnown, KnownValue
from shared.contracts.metrics import ALL, HORIZONS
from shared.kit.problems import all_of

YEAR = 364
MOST_DAYS = 1_461
"""Four years."""

Name = Annotated[str, QueryParameter(name="metric", description="one metric's name, not of absence or pulses")]
From = Annotated[date | None, QueryParameter(name="from", description="first day; a year before the last if absent")]
To = Annotated[date | None, QueryParameter(description="last day; yesterday if absent")]
Who = Annotated[str, QueryParameter(description="one occupation, or * for all (default)")]
Ahead = Annotated[str | None, QueryParameter(description="also what was known of so many days ahead, comma separated")]


def route(desk: Desk) -> HTTPRouteHandler:
    """The handler."""

    @get("/v1/as-known", opt={NEED: READ_METRICS}, summary="Values as they were known on each day")
    async def as_known(
        name: Name,
        sight: NamedDependency[Sight],
        unit: question.OneUnit = ALL,
        occupation: Who = ALL,
        first: From = None,
        to: To = None,
        ahead: Ahead = None,
    ) -> AsKnown:
        all_of(lambda: question.restated(name), lambda: span(desk, first, to), lambda: _ahead(ahead))
        days = span(desk, first, to)
        asked = AskedAsKnown(
            question.restated(name), Group(unit, occupation), _ahead(ahead), desk.window_days, desk.norm
        )
        async with desk.ledger(partial(ledger.cost, span=days, unit=unit)) as view:
            found = await ledger.values(view, days, asked)
        desk.inside(sight, unit)
        question.unit(desk.register, unit)
        return AsKnown(
            metric=name,
            unit=unit,
            occupation=occupation,
            first=date.fromordinal(days.first),
            last=date.fromordinal(days.last),
            loaded=date.fromordinal(found.loaded),
            since=None if found.since is None else date.fromordinal(found.since),
            values=[
                KnownValue(known=date.fromordinal(one.day), as_of=date.fromordinal(one.as_of), value=one.value)
                for one in found.values
            ],
        )

    return as_known


def span(desk: Desk, first: date | None, to: date | None) -> Span:
    """The days asked about; refuses too many of them, and days ahead."""
    today = desk.clock.today()
    last = question.day("to", to or today - timedelta(days=1))
    begin = question.day("from", first or last - timedelta(days=YEAR))
    if last > today:
        question.wrong("to", f"to={last} is ahead: nothing is known yet in the evening of a day after {today}")
    if begin > last:
        question.wrong("from", f"from={begin} is after to={last}")
    if (last - begin).days >= MOST_DAYS:
        question.wrong("from", f"from={begin} to={last} are more than {MOST_DAYS} days: ask for fewer")
    return Span(begin.toordinal(), last.toordinal(), desk.clock.zone)


def _ahead(asked: str | None) -> tuple[int, ...]:
    words = asked.split(",") if asked else []
    if not {*words} <= {*map(str, HORIZONS)}:
        question.wrong("ahead", f"ahead={asked}: expected one or more of {', '.join(map(str, HORIZONS))}")
    return tuple(sorted(map(int, {*words})))
