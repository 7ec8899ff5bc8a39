"""``POST /v1/events``."""

import time

from litestar import Request, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler

from services.ingest.api.answers import Answer
from services.ingest.api.receiver import Receiver
from services.ingest.telemetry import Telemetry
from shared.access.needs import NEED, PUBLISH


def route(receiver: Receiver, telemetry: Telemetry) -> HTTPRouteHandler:
    """The one route; how long each answer took is observed by its status."""

    @post("/v1/events", opt={NEED: PUBLISH}, status_code=202, request_max_body_size=None, summary="Publish HR events")
    async def publish_events(request: Request[None, None, State]) -> Answer:
        """One CloudEvent (structured or binary mode) or a batch, answered once Kafka has acknowledged all of it."""
        started = time.perf_counter()
        answer = await receiver.answer(dict(request.headers), request.stream())
        telemetry.duration.labels(str(answer.status_code)).observe(time.perf_counter() - started)
        return answer

    return publish_events
