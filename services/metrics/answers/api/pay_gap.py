"""``GET /v1/reports/pay-gap``: the yearly pay report of the whole municipality."""

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.exceptions import ValidationException
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from services.metrics.answers.api.desk import Desk
from services.metrics.answers.history import View
from services.metrics.domain.record.working import employments
from services.metrics.domain.reports.pay_gap import report
from services.metrics.domain.reports.workers import PayGapError, Workforce, check, days, workforce
from services.metrics.ledger import reading as ledger
from shared.access.needs import NEED, READ_METRICS
from shared.access.rights import Sight
from shared.contracts.metrics import ALL
from shared.contracts.pay_gap import PayGapReport

COST = 10**8
"""Among the dear questions: all records are gone through."""

Year = Annotated[int, QueryParameter(description="the calendar year, which is over")]


def route(desk: Desk) -> HTTPRouteHandler:
    """The handler."""

    @get("/v1/reports/pay-gap", opt={NEED: READ_METRICS}, summary="The yearly report of the pay gap")
    async def pay_gap(year: Year, sight: NamedDependency[Sight]) -> PayGapReport:
        try:
            first, last = days(year, desk.clock.today())
            async with desk.ledger(lambda _register: COST) as view:
                desk.inside(sight, ALL)
                found = await _workforce(view, first, last)
                check(found, year, view.register.coverage)
                return await view.apart(report, year, found)
        except PayGapError as error:
            raise ValidationException(str(error)) from None

    return pay_gap


async def _workforce(view: View, first: int, last: int) -> Workforce:
    paid, without = [], 0
    async with view.state() as connection:
        await view.register.look(connection)
        async for portion in ledger.employments(connection):
            some = await view.apart(workforce, ((ref, employments(job)) for ref, job in portion), first, last)
            paid += some.paid
            without += some.without_pay
    return Workforce(paid, without)
