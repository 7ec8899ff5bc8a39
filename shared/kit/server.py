"""HTTP beside the consumers: one Litestar application per process, with the health routes all services share."""

import asyncio
import os
import signal
import sys
import threading
import traceback
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from socket import socket
from types import FrameType
from typing import Any

import structlog
import uvicorn
from litestar import Litestar, Request, Response, Router, get
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.response import Stream
from litestar.types import ControllerRouterHandler, Scope
from prometheus_client import CollectorRegistry, Counter, disable_created_metrics, generate_latest

from shared.access.needs import NEED, OPEN, SCRAPE
from shared.contracts.openapi.completed import completed
from shared.contracts.release import Readiness
from shared.kit.access.guard import PROVIDED, Guard
from shared.kit.always import always
from shared.kit.answers import ShallowRequest
from shared.kit.connections import Connection
from shared.kit.door import Door
from shared.kit.health import Health
from shared.kit.problems import answered_with

log = structlog.get_logger()

Json = dict[str, Any]

HEALTH, DESCRIBED = "health", "described"
"""Where the application keeps its health for those who run it, and what completes its OpenAPI document."""

NOT_READY = ResponseSpec(Readiness, generate_examples=False, description="Send it no work: an essential part is away.")
EXPOSITION = "text/plain; version=0.0.4"


def application(
    title: str,
    handlers: Sequence[ControllerRouterHandler],
    health: Health,
    registry: CollectorRegistry,
    exposition: Callable[[], Iterable[bytes]],
    lifespan: Sequence[Callable[[Litestar], AbstractAsyncContextManager[None]]] = (),
    guard: Guard | None = None,
    described: Callable[[Json], Json] = completed,
) -> Litestar:
    """The service's routes plus ``/healthz`` (alive), ``/readyz`` (each part), ``/metrics`` and ``/schema``.

    Every route is looked at by ``guard``; without one, whoever asks may do everything. Answers of 500 are logged, and
    counted in ``registry``. ``described`` completes the OpenAPI document.
    """
    guarding = guard or Guard()
    errors = Counter("stadga_http_errors_total", "Requests that failed for a fault of the service.", registry=registry)

    @get("/healthz", opt={NEED: OPEN}, sync_to_thread=False, include_in_schema=False)
    def healthz() -> Response[dict[str, str]]:
        if ended := health.ended:
            return Response({"status": "ended", "task": ended.task, "reason": ended.reason}, status_code=503)
        return Response({"status": "alive"})

    @get("/readyz", opt={NEED: OPEN}, sync_to_thread=False, summary="Ready?", responses={503: NOT_READY})
    def readyz() -> Response[Readiness]:
        """Say which release this is, which migrations its database has had, and what works."""
        return Response(health.readiness(), status_code=200 if health.ready else 503)

    @get("/metrics", opt={NEED: SCRAPE}, include_in_schema=False)
    async def metrics() -> Stream:
        return Stream(_pieces(exposition()), media_type=EXPOSITION)

    # A *_created series for each counter doubles the exposition and tells nobody anything.
    disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has no annotation here
    # As JSON alone: the pages that Litestar has for it run scripts of other servers.
    openapi = OpenAPIConfig(
        title=title,
        version="1.0.0",
        render_plugins=[_Described(path=["/openapi.json", "/"])],
        openapi_router=Router("/schema", route_handlers=[], opt={NEED: OPEN}, include_in_schema=False),
    )

    async def failed(error: Exception, scope: Scope) -> None:
        if not isinstance(error, HTTPException) or error.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
            errors.inc()
            # Neither the query nor the error's own words: either might hold a person.
            at, kind = "".join(traceback.format_tb(error.__traceback__)), type(error).__name__
            log.error("a request failed", method=scope.get("method"), path=scope["path"], error=kind, at=at)

    return Litestar(
        [healthz, readyz, metrics, *handlers],
        openapi_config=openapi,
        guards=[guarding.look],
        before_send=[guarding.noted],
        dependencies=PROVIDED,
        request_class=ShallowRequest,
        logging_config=None,
        lifespan=list(lifespan),
        after_exception=[failed],
        exception_handlers={Exception: answered_with},
        state=State({HEALTH: health, DESCRIBED: described}),
    )


class _Described(JsonRenderPlugin):
    """The document as ``openapi`` has it."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:  # noqa: ARG002  (as Litestar has it)
        return self.render_json(request, openapi(request.app))


def openapi(app: Litestar) -> Json:
    """What an ``application`` may be asked and what it answers."""
    described: Callable[[Json], Json] = app.state[DESCRIBED]
    document = app.openapi_schema.to_schema()
    # The paths of one handler are a set.
    document["paths"] = dict(sorted(document["paths"].items()))
    return described(always(app, document))


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

END_SECONDS = 60
"""How long all may take then."""


class Server(uvicorn.Server):
    """Stops when told to, or when a task has ended.

    After SIGTERM or SIGINT the process ends with 0: uvicorn's own would raise the signal again and die of it.
    """

    def __init__(self, config: uvicorn.Config, health: Health) -> None:
        """``health`` tells of tasks that ended."""
        super().__init__(config)
        self._health = health

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second; true ends the server."""
        return await super().on_tick(counter) or self._health.ended is not None

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """End the work, in time: what hangs is left."""
        late = threading.Timer(END_SECONDS, _leave)
        late.daemon = True
        late.start()
        try:
            await super().shutdown(sockets)
        finally:
            late.cancel()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  (the signature of a handler)
        """Stop; a second Ctrl-C waits for nothing."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def _leave() -> None:
    print(f"work did not end within {END_SECONDS} s; the process ends without it", file=sys.stderr, flush=True)  # noqa: T201  (the log may be what hangs)
    os._exit(1)


def serve(app: Litestar, host: str, port: int, hosts: Iterable[str] = ()) -> Server:
    """A server of an ``application`` to ``await server.serve()``; it stops cleanly on SIGTERM and SIGINT.

    ``hosts`` are the names, beside loopback and ``host``, that requests may be addressed to.
    """
    config = uvicorn.Config(
        Door(app, [host, *hosts]),
        http=Connection,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="on",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=LAST_REQUESTS_SECONDS,
    )
    return Server(config, app.state[HEALTH])
