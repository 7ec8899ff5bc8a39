"""HTTP beside the consumers: one Litestar application per process, with the health routes all services share."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from types import FrameType

import uvicorn
from litestar import Litestar, Response, get
from litestar.openapi.config import OpenAPIConfig
from litestar.response import Stream
from litestar.types import ControllerRouterHandler
from prometheus_client import CollectorRegistry, disable_created_metrics, generate_latest

from shared.kit.health import Health, Part

EXPOSITION = "text/plain; version=0.0.4"


def application(
    title: str,
    handlers: Sequence[ControllerRouterHandler],
    health: Health,
    exposition: Callable[[], Iterable[bytes]],
    lifespan: Sequence[Callable[[Litestar], AbstractAsyncContextManager[None]]] = (),
) -> Litestar:
    """The service's routes plus ``/healthz`` (alive), ``/readyz`` (each part) and ``/metrics``."""

    @get("/healthz", sync_to_thread=False, include_in_schema=False)
    def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @get("/readyz", sync_to_thread=False, include_in_schema=False)
    def readyz() -> Response[list[Part]]:
        return Response(health.report(), status_code=200 if health.ready else 503)

    @get("/metrics", include_in_schema=False)
    async def metrics() -> Stream:
        return Stream(_pieces(exposition()), media_type=EXPOSITION)

    # A *_created series for each counter doubles the exposition and tells nobody anything.
    disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has no annotation here
    openapi = OpenAPIConfig(title=title, version="1.0.0")
    return Litestar(
        [healthz, readyz, metrics, *handlers],
        openapi_config=openapi,
        logging_config=None,
        lifespan=list(lifespan),
    )


async def _pieces(parts: Iterable[bytes]) -> AsyncIterator[bytes]:
    """Piece by piece, so that a scrape of many megabytes leaves room for others in between."""
    for part in parts:
        yield part
        await asyncio.sleep(0)  # sending to a quick reader never waits by itself


def process_metrics(registry: CollectorRegistry) -> Callable[[], Iterable[bytes]]:
    """Exposition of a registry, for services without business metrics."""
    return lambda: [generate_latest(registry)]


LAST_REQUESTS_SECONDS = 10
"""How long requests under way may take once the process is told to stop."""


class Server(uvicorn.Server):
    """Ends the process with 0 after SIGTERM or SIGINT: uvicorn's own would raise the signal again and die of it."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  (the signature of a handler)
        """Stop; a second Ctrl-C waits for nothing."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def serve(app: Litestar, host: str, port: int) -> Server:
    """A server to ``await server.serve()``; it stops cleanly on SIGTERM and SIGINT."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=LAST_REQUESTS_SECONDS,
    )
    return Server(config)
