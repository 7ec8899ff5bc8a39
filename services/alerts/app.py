"""The service put together: settings in, an application to serve out."""

from litestar import Litestar
from litestar.types import ControllerRouterHandler

from services.alerts.api import digests, evaluations, handling, orders, stories, views
from services.alerts.board import leaving
from services.alerts.board import routes as board_routes
from services.alerts.board.board import Board
from services.alerts.service import Service
from services.alerts.settings import AlertSettings
from shared.kit import dead_letter_routes
from shared.kit.access import journal_routes
from shared.kit.server import application

TITLE = "Stadga alerts"


def alerts(settings: AlertSettings) -> Litestar:
    """The application; raises SettingsError before anything is started."""
    service = Service(settings)
    return application(
        TITLE,
        _handlers(service, settings),
        service.health,
        service.registry,
        service.exposition.scraped,
        [lambda _: service.metrics.asked(), lambda _: service.running()],
        service.access.guard,
    )


def _handlers(service: Service, settings: AlertSettings) -> list[ControllerRouterHandler]:
    faults_to, address = settings.stadga_faults_to, settings.stadga_public_url
    board = Board(lambda: service.pool, service.metrics, service.clock, faults_to, lambda: service.link_key, address)
    return [
        *service.access.routes,
        *views.routes(lambda: service.pool, service.refusals, service.clock),
        *stories.routes(lambda: service.pool, service.clock),
        *handling.routes(lambda: service.pool, service.clock),
        *digests.routes(lambda: service.pool, service.clock),
        *evaluations.routes(lambda: service.pool, service.metrics.of),
        *orders.routes(lambda: service.pool, service.adopt, service.clock),
        journal_routes.route(lambda: service.pool),
        *dead_letter_routes.routes(dead_letter_routes.Desk(lambda: service.pool, service.again)),
        board_routes.router(board),
        *leaving.routes(board, service.clock, lambda: service.link_key),
    ]
