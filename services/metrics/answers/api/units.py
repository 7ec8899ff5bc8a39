"""``GET /v1/units``: where units lay in the tree, as it was known in the evening of each day."""

from datetime import date
from functools import partial

from litestar import get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from services.metrics.answers import as_known as ledger
from services.metrics.answers.api.as_known import From, To, span
from services.metrics.answers.api.desk import Desk
from shared.access.needs import NEED, READ_METRICS
from shared.access.rights import Sight
from shared.contracts.as_known import PlacedUnit, PlacedUnits


def route(desk: Desk) -> HTTPRouteHandler:
    """The handler."""

    @get("/v1/units", opt={NEED: READ_METRICS}, summary="Units as they were known on each day")
    async def units(sight: NamedDependency[Sight], first: From = None, to: To = None) -> PlacedUnits:
        days = span(desk, first, to)
        async with desk.ledger(partial(ledger.cost, span=days)) as view:
            found = await ledger.units(view, days)
        own = {*desk.own(sight, {one.unit for one in found.units})}
        return PlacedUnits(
            first=date.fromordinal(days.first),
            last=date.fromordinal(days.last),
            loaded=date.fromordinal(found.loaded),
            units=[
                PlacedUnit(known=date.fromordinal(day), unit=unit, name=name, path=path, closed=closed)
                for day, unit, name, path, closed in found.units
                if unit in own
            ],
        )

    return units
