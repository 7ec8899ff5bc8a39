"""``GET /v1/metrics``: any group, on any day, past or future, straight from the facts."""

from datetime import date

import msgspec
import numpy as np
from litestar import get
from litestar.handlers import HTTPRouteHandler

from services.metrics import history
from services.metrics.api import question
from services.metrics.api.desk import Desk
from services.metrics.domain.valuation import figures, values
from services.metrics.history import Asked, Counted
from shared.contracts.catalogue import Metric
from shared.contracts.metrics import ALL, MetricValue


class GroupValues(msgspec.Struct):
    """Every asked-for metric of one group."""

    unit: str
    unit_name: str
    occupation: str
    metrics: dict[str, MetricValue]


class Values(msgspec.Struct):
    """The answer: values as of a day, from all facts committed up to ``revision``."""

    as_of: date
    window_days: int
    revision: int
    groups: list[GroupValues]


def route(desk: Desk) -> HTTPRouteHandler:
    """The handler."""

    @get("/v1/metrics", summary="Metrics of a unit and everything below it")
    async def metrics(
        unit: question.Unit = None,
        occupation: question.Occupation = ALL,
        as_of: question.AsOf = None,
        window: question.Window = desk.window_days,
        names: question.Names = None,
    ) -> Values:
        day, wanted = as_of or desk.clock.today(), question.metrics(names)
        selection = question.selection(unit, occupation, None)
        async with desk.ledger() as connection:
            asked = Asked(selection, np.array([day.toordinal()]), window, norm=desk.norm)
            counted = await history.count(connection, asked)
        return Values(day, window, counted.revision, _groups(counted, wanted))

    return metrics


def _groups(counted: Counted, wanted: tuple[Metric, ...]) -> list[GroupValues]:
    everyone = np.arange(len(counted.groups))
    found = {f.metric.name: values(f, everyone) for f in figures(counted.sums, wanted)}
    return [
        GroupValues(g.unit, counted.tree.name(g.unit), g.occupation, {n: column[i] for n, column in found.items()})
        for g, i in sorted(zip(counted.groups, everyone.tolist(), strict=True))
    ]
