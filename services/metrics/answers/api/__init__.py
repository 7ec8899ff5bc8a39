"""HTTP: each route is a module of its name with a function ``route``, listed here."""

from litestar.handlers import HTTPRouteHandler

from services.metrics.answers.api import (
    anomalies,
    as_known,
    deliveries,
    ledger,
    metrics,
    pay_gap,
    revisions,
    series,
    sickness,
    staffing,
    units,
)
from services.metrics.answers.api.desk import Desk

ROUTES = (
    metrics.route,
    series.route,
    revisions.route,
    as_known.route,
    units.route,
    sickness.route,
    pay_gap.route,
    staffing.route,
    ledger.route,
    deliveries.route,
    anomalies.route,
)


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The service's API; every route answers 503 until the database is there."""
    return [route(desk) for route in ROUTES]
