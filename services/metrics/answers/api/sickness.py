"""``GET /v1/reports/sickness``: the yearly disclosure of sickness absence of a unit and everything below it."""

from datetime import timedelta
from functools import partial
from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.exceptions import ValidationException
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from services.metrics.answers import history
from services.metrics.answers.api import question
from services.metrics.answers.api.desk import Desk
from services.metrics.answers.history import HistoryQuestion
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.reports.sickness import BY, MEASURES, DisclosureError, disclosure, period, times
from services.metrics.domain.sums.selection import Selection
from shared.access.needs import NEED, READ_METRICS
from shared.access.rights import Sight
from shared.contracts.metrics import ALL
from shared.contracts.sickness import Disclosure

BESIDES = frozenset({Measure.headcount})
"""What is read besides what is told of health."""

Year = Annotated[int, QueryParameter(description="the calendar year")]
Unit = Annotated[str, QueryParameter(description="a unit's reference; * for the whole municipality (default)")]


def route(desk: Desk) -> HTTPRouteHandler:
    """The handler."""

    @get("/v1/reports/sickness", opt={NEED: READ_METRICS}, summary="The yearly disclosure of sickness absence")
    async def sickness(
        year: Year, sight: NamedDependency[Sight], unit: Unit = ALL, as_of: question.AsOf = None
    ) -> Disclosure:
        try:
            today = desk.clock.today()
            asked = period(year, as_of or today, today - timedelta(days=1))
            of = Selection(unit, frozenset(BY))
            wanted = HistoryQuestion(of, asked.days, asked.window, BESIDES, periods=asked.periods)
            async with desk.ledger(partial(history.cost, asked=wanted, metrics=len(MEASURES))) as view:
                counted = await history.count(view, wanted)
            desk.inside(sight, unit)
            return disclosure(asked, unit, counted.answer.tree, times(counted.answer))
        except DisclosureError as error:
            question.unit(desk.register, unit, str(error))
            raise ValidationException(str(error)) from None

    return sickness
