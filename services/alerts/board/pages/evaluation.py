"""Whether an action of a plan helped: the answer by each metric in words, as a picture and as a table."""

from collections.abc import Sequence
from typing import NamedTuple

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from services.alerts import evaluations
from services.alerts.board import drawing
from services.alerts.board.answer import Asked, page
from services.alerts.board.board import Board, Missing
from services.alerts.board.drawing import Drawing
from services.alerts.board.months import short_month
from services.alerts.board.writing import Writing
from services.alerts.domain.evaluation.asking import EvaluationError
from services.alerts.domain.evaluation.lines import smoothed, together
from services.alerts.domain.evaluation.telling import WORDS, EvaluationText, text
from services.alerts.domain.letter.facts import title
from services.alerts.metrics_service import MetricsAwayError
from shared.contracts.evaluations import Evaluation
from shared.kit.access.guard import seen

EVERY = 3
"""Months between two that are named below a picture."""


class StyledLines(NamedTuple):
    """Lines of one look, as SVG writes them."""

    look: str
    lines: list[str]


class UnitRow(NamedTuple):
    """A side before and after."""

    name: str
    before: str
    after: str


class Answer(NamedTuple):
    """The answer by one metric; without a picture where no number may be told."""

    metric: str
    said: EvaluationText
    drawing: Drawing | None
    lines: list[StyledLines]
    rows: list[UnitRow]


def route(board: Board) -> HTTPRouteHandler:
    """The handler."""

    @get("/plans/{plan:str}/evaluations/{measure:str}")
    async def evaluation_page(request: Asked, plan: FromPath[str], measure: FromPath[str]) -> Response[str]:
        to = board.writing(request)
        async with board.connected() as connection:
            version = (await board.plans(connection)).get(plan)
            if version is None:
                raise Missing("no_plan", plan)
            try:
                prepared = await evaluations.prepared(connection, version, measure, seen(request))
            except EvaluationError:
                raise Missing("no_evaluation", measure) from None
            today = await board.today(connection)
        try:
            found, away = await evaluations.answers(prepared, board.metrics(request)), False
        except MetricsAwayError:
            found, away = evaluations.as_given(prepared), True
        return page(
            request,
            to,
            "evaluation.html",
            title(prepared.asking.measure.title, to.language, version.plan.language),
            plan=version.plan,
            answers=[_answer(one, to) for one in found],
            said=WORDS[to.language],
            away=away,
            today=today,
        )

    return evaluation_page


def _answer(found: Evaluation, to: Writing) -> Answer:
    picture, lines = _picture(found, to) if found.lines else (None, [])
    return Answer(to.metric(found.metric), text(found, to.language), picture, lines, _rows(found, to))


def _rows(found: Evaluation, to: Writing) -> list[UnitRow]:
    number, words = to.numbers(found.metric), WORDS[to.language]
    sides = ((words.picture_acted, found.acted), (words.picture_compared, found.compared))
    return [UnitRow(name, number(side.before), number(side.after)) for name, side in sides if side]


def _picture(found: Evaluation, to: Writing) -> tuple[Drawing, list[StyledLines]]:
    units = [smoothed(line.values) for line in found.lines if line.role == "compared"]
    beside, own = (smoothed(together(found, role)) for role in ("compared", "acted"))
    shown = [value for line in (*units, beside, own) for value in line if value is not None]
    on, xs = drawing.scale(shown), drawing.across(len(found.months))
    number = to.numbers(found.metric)

    def drawn(*some: Sequence[float | None]) -> list[str]:
        return [points for values in some for points in drawing.lines(xs, values, on)]

    lines = [
        StyledLines("unit", drawn(*units)),
        StyledLines("beside", drawn(beside)),
        StyledLines("own", drawn(own)),
    ]
    label = text(found, to.language)
    below = [
        drawing.Label(x, short_month(month, to.language))
        for x, month in zip(xs, found.months, strict=True)
        if (month.month - 1) % EVERY == 0 and 10 <= x <= 80
    ]
    ticks = [drawing.Label(on.y(value), number(value)) for value in drawing.ticks(on)]
    washed = [x for x, month in zip(xs, found.months, strict=True) if found.before.last < month < found.after.first]
    edges = [min(washed), max(washed)] if washed else []
    band = drawing.band(edges, [on.low] * len(edges), [on.high] * len(edges), on) if edges else []
    return Drawing(f"{label.question} {label.lead}", [], band, [], [], below, ticks), lines
