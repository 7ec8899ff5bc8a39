"""``GET /v1/proposals/staffing``: a number of posts shared over offices by their case points."""

from functools import partial
from typing import Annotated

import numpy as np
from litestar import get
from litestar.di import NamedDependency
from litestar.exceptions import ValidationException
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from services.metrics.answers import history
from services.metrics.answers.api import question
from services.metrics.answers.api.desk import Desk
from services.metrics.answers.history import HistoryQuestion
from services.metrics.domain.reports.offices import MEASURES, ProposalError, loads, offices
from services.metrics.domain.reports.staffing import proposal
from services.metrics.domain.sums.selection import Selection
from shared.access.needs import NEED, READ_METRICS
from shared.access.rights import Sight
from shared.contracts.metrics import ALL
from shared.contracts.staffing import StaffingProposal

Posts = Annotated[float, QueryParameter(description="posts of case holders to share; whole or in quarters")]
Norm = Annotated[float, QueryParameter(description="case points that are a normal load at full time")]
Unit = Annotated[
    str | None,
    QueryParameter(
        description="share over the units right below this one, * being the whole municipality;"
        " over every unit that has cases itself if absent"
    ),
]


def route(desk: Desk) -> HTTPRouteHandler:
    """The handler."""

    @get("/v1/proposals/staffing", opt={NEED: READ_METRICS}, summary="Posts shared over offices by weighted load")
    async def staffing(
        posts: Posts,
        sight: NamedDependency[Sight],
        norm: Norm = desk.norm,
        unit: Unit = None,
        as_of: question.AsOf = None,
    ) -> StaffingProposal:
        day = as_of or desk.clock.today()
        asked = HistoryQuestion(Selection(None), np.array([day.toordinal()]), 1, MEASURES)
        async with desk.ledger(partial(history.cost, asked=asked, metrics=len(MEASURES))) as view:
            counted = await history.count(view, asked)
        desk.inside(sight, unit or ALL)
        try:
            found = offices(loads(counted.answer), counted.answer.tree, unit)
            return proposal(found, posts, norm, day, unit)
        except ProposalError as error:
            question.unit(desk.register, unit, str(error))
            raise ValidationException(str(error)) from None

    return staffing
