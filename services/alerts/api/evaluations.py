"""``GET /v1/evaluations``: whether a measure of a running plan helped."""

from collections.abc import Callable
from typing import Annotated, Any

import asyncpg
import msgspec
from litestar import Request, get
from litestar.exceptions import NotFoundException, ServiceUnavailableException
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from services.alerts import evaluations
from services.alerts.api.door import Pool, connected
from services.alerts.domain.evaluation.asking import EvaluationError
from services.alerts.domain.plan.plan import Version
from services.alerts.metrics_service import MetricsAwayError, MetricsService
from services.alerts.repository.plans import Running
from shared.access.needs import NEED, READ_ALERTS
from shared.access.rights import Caller
from shared.contracts.evaluations import Evaluation
from shared.kit.access.guard import seen, who
from shared.kit.problems import missing

PlanName = Annotated[str, QueryParameter(description="a plan that runs", max_length=200)]
MeasureName = Annotated[
    str, QueryParameter(description="a measure of it, that it says how to evaluate", max_length=200)
]


class Evaluations(msgspec.Struct):
    """The answer by each metric that the plan names."""

    evaluations: list[Evaluation]


def routes(pool: Pool, metrics: Callable[[Caller], MetricsService]) -> list[HTTPRouteHandler]:
    """The handler; ``metrics`` is the metrics service as it answers somebody."""
    running = Running()

    @get("/v1/evaluations", opt={NEED: READ_ALERTS}, summary="Whether a measure of a plan helped")
    async def evaluated(request: Request[Any, Any, Any], plan: PlanName, measure: MeasureName) -> Evaluations:
        """Improved, not shown, worsened or cannot be told, with effect, interval, and what would have been seen.

        It is told to whoever may see all units that carry the measure out.
        """
        async with connected(pool) as connection:
            version = await _version(connection, running, plan, measure)
            try:
                prepared = await evaluations.prepared(connection, version, measure, seen(request))
            except EvaluationError as error:
                raise NotFoundException(str(error)) from None
        try:
            return Evaluations(await evaluations.answers(prepared, metrics(who(request))))
        except MetricsAwayError:
            if given := evaluations.as_given(prepared):
                return Evaluations(given)
            raise ServiceUnavailableException(
                "the metrics service is away, or takes more in than it tells of"
            ) from None

    return [evaluated]


async def _version(connection: asyncpg.Connection, running: Running, plan: str, measure: str) -> Version:
    versions = await running.load(connection)
    if plan not in versions:
        missing("query.plan", f"no plan {plan!r} runs", plan, versions)
    measures = versions[plan].plan.measures
    if measure not in measures:
        missing("query.measure", f"plan {plan!r} has no measure {measure!r}", measure, measures)
    return versions[plan]
