"""``GET /v1/metrics``: any group, on any day, past or future, straight from the facts."""

from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from typing import Annotated

import asyncpg
import msgspec
import numpy as np
from litestar import get
from litestar.exceptions import ServiceUnavailableException, ValidationException
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from services.metrics import ledger
from services.metrics.domain.cell import Cell
from services.metrics.domain.groups import Roster
from services.metrics.domain.kernels import Deltas, Held, Sums, accumulate, reach
from services.metrics.domain.tree import Tree, tree
from services.metrics.domain.valuation import figures, values
from shared.contracts.catalogue import BY_NAME, METRICS, Metric
from shared.contracts.metrics import ALL, MetricValue
from shared.kit.clock import Clock


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


class Question(msgspec.Struct, frozen=True):
    """Which units and occupation (None: all of them), on which day, over which window, which metrics."""

    unit: str | None
    occupation: str | None
    as_of: date
    window: int
    metrics: tuple[Metric, ...]


def routes(pool: Callable[[], asyncpg.Pool | None], clock: Clock, window_days: int) -> list[HTTPRouteHandler]:
    """The service's API; ``pool`` gives None until the database is there."""

    @get("/v1/metrics", summary="Metrics of a unit and everything below it")
    async def metrics(
        unit: Annotated[
            str | None, QueryParameter(description="a unit's reference; * for everything; all units if absent")
        ] = None,
        occupation: Annotated[str | None, QueryParameter(description="one occupation, or * for all (default)")] = ALL,
        as_of: Annotated[date | None, QueryParameter(description="any day, past or future; today if absent")] = None,
        window: Annotated[int, QueryParameter(ge=1, le=3660, description="days of the window")] = window_days,
        names: Annotated[
            str | None, QueryParameter(name="metrics", description="names, comma separated; all if absent")
        ] = None,
    ) -> Values:
        question = Question(unit, occupation, as_of or clock.today(), window, _metrics(names))
        if (opened := pool()) is None:
            raise ServiceUnavailableException("the database is not there yet")
        return await answer(opened, question)

    return [metrics]


def _metrics(names: str | None) -> tuple[Metric, ...]:
    if not names:
        return METRICS
    for name in names.split(","):
        if name not in BY_NAME:
            near = get_close_matches(name, BY_NAME, 1)
            raise ValidationException(f"no metric {name!r}" + (f"; did you mean {near[0]}?" if near else ""))
    return tuple(BY_NAME[name] for name in names.split(","))


async def answer(pool: asyncpg.Pool, question: Question) -> Values:
    """Sum the facts of the asked-for units and value them."""
    day = question.as_of.toordinal()
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        seen = await ledger.mark(connection)
        now = tree(await ledger.definitions(connection), day)
        cells = [(n, c) for n, c in await ledger.cells(connection) if _counts(c, now, question)]
        roster = Roster(now)
        numbers = {n: roster.cell(c) for n, c in cells}
        held = Held(1)
        async for rows in ledger.of_cells(connection, list(numbers), reach(day, question.window)):
            table = np.array([(numbers[c], m, d, x) for c, m, d, x in rows], np.int64).reshape(-1, 4)
            for part in accumulate(Deltas(*table.T), roster.belongs, np.array([day]), question.window):
                held.add(part, len(roster.groups))
    return _values(
        Sums(held.raw, len(roster.groups), np.array([day]), question.window), roster, now, question, seen.batch
    )


def _counts(cell: Cell, now: Tree, question: Question) -> bool:
    return question.unit is None or question.unit in now.path(cell.unit)


def _values(sums: Sums, roster: Roster, now: Tree, question: Question, revision: int) -> Values:
    everyone = np.arange(len(roster.groups))
    found = {f.metric.name: values(f, everyone) for f in figures(sums, question.metrics)}
    groups = [
        GroupValues(g.unit, now.name(g.unit), g.occupation, {name: column[i] for name, column in found.items()})
        for g, i in sorted(roster.groups.items())
        if question.unit in (None, g.unit) and question.occupation in (None, g.occupation)
    ]
    return Values(question.as_of, question.window, revision, groups)
