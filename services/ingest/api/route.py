"""``POST /v1/events``."""

import time
from typing import Annotated

from litestar import Request, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from services.ingest.api.answers import DOCUMENTED, Answer
from services.ingest.api.receiver import Receiver
from services.ingest.telemetry import Telemetry

DryRun = Annotated[bool, QueryParameter(description="only say what would become of it: nothing is published")]


def route(receiver: Receiver, telemetry: Telemetry) -> HTTPRouteHandler:
    """The one route; how long each answer took is observed by its status."""

    @post("/v1/events", status_code=202, request_max_body_size=None, summary="Publish HR events", responses=DOCUMENTED)
    async def publish_events(request: Request[None, None, State], dry_run: DryRun = False) -> Answer:
        """One CloudEvent (structured or binary mode) or a batch, answered once Kafka has acknowledged all of it."""
        started = time.perf_counter()
        answer = await receiver.answer(dict(request.headers), request.stream(), dry=dry_run)
        telemetry.duration.labels(str(answer.status_code)).observe(time.perf_counter() - started)
        return answer

    return publish_events
