"""``GET /v1/deliveries``: which deliveries are not whole, and until when they are waited for."""

from datetime import timedelta

from litestar import get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from services.metrics.answers.api.desk import Desk
from services.metrics.ledger import deliveries as ledger
from services.metrics.ledger.deliveries import described
from shared.access.needs import NEED, READ_METRICS
from shared.access.rights import Sight
from shared.contracts.deliveries import OpenDeliveries


def route(desk: Desk) -> HTTPRouteHandler:
    """The handler."""

    @get("/v1/deliveries", opt={NEED: READ_METRICS}, summary="Deliveries that are not whole")
    async def deliveries(sight: NamedDependency[Sight]) -> OpenDeliveries:
        async with desk.ledger(lambda _register: 0) as view, view.pool.acquire() as connection:
            found = await ledger.listed(connection)
        patience = timedelta(seconds=desk.delivery_seconds)
        shown = [(one, frozenset(desk.own(sight, one.units))) for one in found]
        told = [one._replace(units=units) for one, units in shown if units or sight.everything]
        return OpenDeliveries([described(one, patience) for one in told])

    return deliveries
