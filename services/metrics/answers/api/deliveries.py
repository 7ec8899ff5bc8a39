"""``GET /v1/deliveries``: which deliveries are not whole, and until when they are waited for."""

from datetime import timedelta

from litestar import get
from litestar.handlers import HTTPRouteHandler

from services.metrics.answers.api.desk import Desk
from services.metrics.ledger import deliveries as ledger
from shared.contracts.deliveries import OpenDeliveries, OpenDelivery
from shared.contracts.metrics import ALL


def route(desk: Desk) -> HTTPRouteHandler:
    """The handler."""

    @get("/v1/deliveries", summary="Deliveries that are not whole")
    async def deliveries() -> OpenDeliveries:
        async with desk.ledger(lambda _register: 0) as view, view.pool.acquire() as connection:
            found = await ledger.listed(connection)
        patience = timedelta(seconds=desk.delivery_seconds)
        return OpenDeliveries([_told(one, patience) for one in found])

    return deliveries


def _told(one: ledger.Begun, patience: timedelta) -> OpenDelivery:
    until, units = one.since + patience, (ALL,) if ALL in one.units else tuple(sorted(one.units))
    return OpenDelivery(*one.delivery, one.arrived, one.size, one.since, until, one.given_up, units)
