"""``GET /v1/deliveries``: which deliveries are not whole, and until when they are waited for."""

from datetime import timedelta

from litestar import get
from litestar.handlers import HTTPRouteHandler

from services.metrics.answers.api.desk import Desk
from services.metrics.ledger import deliveries as ledger
from services.metrics.ledger.deliveries import described
from shared.contracts.deliveries import OpenDeliveries


def route(desk: Desk) -> HTTPRouteHandler:
    """The handler."""

    @get("/v1/deliveries", summary="Deliveries that are not whole")
    async def deliveries() -> OpenDeliveries:
        async with desk.ledger(lambda _register: 0) as view, view.pool.acquire() as connection:
            found = await ledger.listed(connection)
        patience = timedelta(seconds=desk.delivery_seconds)
        return OpenDeliveries([described(one, patience) for one in found])

    return deliveries
