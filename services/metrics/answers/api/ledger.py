"""``GET /v1/ledger``: by which rules the ledger is counted, and whether it is being remade by others."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.handlers import HTTPRouteHandler
from msgspec import Meta

from services.metrics.answers.api.desk import Desk
from services.metrics.domain.facts.rules import RULES
from services.metrics.ledger import rules
from shared.access.needs import NEED, READ_METRICS


class Ledger(msgspec.Struct):
    """The rules that answers are counted by now, those this release counts by, and what is under way."""

    rules: Annotated[int, Meta(description="by which all answers are counted")]
    release: Annotated[int, Meta(description="by which this release counts")]
    remaking: Annotated[int | None, Meta(description="by which the ledger is being counted anew; null: it is not")]
    done: Annotated[float | None, Meta(description="how much of that is done, 0 to 1")]


def route(desk: Desk) -> HTTPRouteHandler:
    """The handler."""

    @get("/v1/ledger", opt={NEED: READ_METRICS}, summary="By which rules the ledger is counted")
    async def ledger() -> Ledger:
        async with desk.ledger(lambda _register: 0) as view:
            found = await rules.standing(view.pool)
        return Ledger(found.rules, RULES, found.remaking, found.share)

    return ledger
