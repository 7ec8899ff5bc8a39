"""``POST /v1/events``, and ``GET /v1/rejections``: what was refused of it lately."""

import time
from http import HTTPStatus
from typing import Annotated

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter

from services.ingest.api.answers import DOCUMENTED, Answer, refusals, unavailable, unread
from services.ingest.api.receiver import Receiver
from services.ingest.domain.own import is_own
from services.ingest.domain.refusal import RefusalError
from services.ingest.tail import Tail, TailError
from services.ingest.telemetry import Telemetry
from shared.access.needs import NEED, PUBLISH
from shared.contracts.openapi.publishing import PATHS
from shared.contracts.problems import Problem
from shared.contracts.rejections import Reason, Refusals

USUAL, MOST = 100, 1_000
Why = Annotated[Reason | None, QueryParameter(description="only those refused for this reason")]
Most = Annotated[int, QueryParameter(ge=1, le=MOST, description="how many at the most")]
DryRun = Annotated[bool, QueryParameter(description="only say what would become of it: nothing is published")]


def route(receiver: Receiver, telemetry: Telemetry) -> HTTPRouteHandler:
    """The one route; how long each answer took is observed by its status."""

    @post(
        list(PATHS),
        opt={NEED: PUBLISH},
        status_code=202,
        request_max_body_size=None,
        summary="Publish HR events",
        responses=DOCUMENTED,
    )
    async def publish_events(request: Request[None, None, State], dry_run: DryRun = False) -> Answer:
        """One CloudEvent (structured or binary mode) or a batch, answered once Kafka has acknowledged all of it.

        The content type says which it is, on either path: the second is there for clients that know one kind by a path.
        """
        if set(request.query_params) - {"dry_run"}:  # a dry run that is misspelt must not publish
            return unread(RefusalError("invalid_value", "query", "the one parameter there is, is called dry_run"))
        started = time.perf_counter()
        answer = await receiver.answer(dict(request.headers), request.stream(), dry=dry_run)
        telemetry.duration.labels(str(answer.status_code)).observe(time.perf_counter() - started)
        return answer

    return publish_events


def rejections(receiver: Receiver, tail: Tail) -> HTTPRouteHandler:
    """What the holder of a token may see again."""

    @get(
        "/v1/rejections",
        opt={NEED: PUBLISH},
        summary="What was refused lately of the own token's events",
        responses={HTTPStatus.OK: ResponseSpec(Refusals, generate_examples=False)},
    )
    async def list_rejections(
        request: Request[None, None, State], reason: Why = None, most: Most = USUAL
    ) -> Response[Refusals] | Response[Problem]:
        """Without what the events said. ``*`` sees those of all sources; what came by Kafka is its source's."""
        try:
            grant = receiver.granted(request.headers.get("authorization", ""))
            found = await tail.lately()
        except RefusalError as error:
            return unread(error)
        except TailError as error:
            return unavailable(str(error))
        own = [one for one in found.rejections if is_own(grant, one) and reason in {None, one.reason}]
        return Response(refusals(own, most, found.since))

    return list_rejections
