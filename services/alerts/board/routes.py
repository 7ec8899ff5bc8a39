"""The board put together: its pages, its stylesheet, the choice of a language, and pages that say what went wrong."""

from collections.abc import Callable
from importlib.resources import files

from litestar import Response, Router, get, post
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from services.alerts.board.answer import COOKIE, LANGUAGES, Asked, page
from services.alerts.board.board import Board, Missing
from services.alerts.board.links import START, metric_path, own, unit_path
from services.alerts.board.pages import (
    access_log,
    alert,
    backtest,
    data,
    evaluation,
    metric,
    plan,
    promises,
    start,
    unit,
)
from shared.access.needs import NEED, OPEN, READ_ALERTS
from shared.kit.access.guard import ElsewhereError

STYLE = (files("services.alerts.board") / "static" / "board.css").read_bytes()
A_YEAR = 365 * 24 * 3600
LED_TO: dict[str, Callable[[str], str]] = {"no_unit": unit_path, "no_metric": lambda name: metric_path(name, "*")}
"""Where a name that may have been meant leads."""


def router(board: Board) -> Router:
    """Everything under ``/board``; a refusal is a page like any other."""
    return Router(
        "/board",
        route_handlers=[
            start.route(board),
            unit.route(board),
            promises.route(board),
            *alert.routes(board),
            *plan.routes(board),
            evaluation.route(board),
            backtest.route(board),
            metric.route(board),
            data.route(board),
            access_log.route(board),
            *_others(board),
        ],
        exception_handlers={HTTPException: _refusal(board)},
        include_in_schema=False,
        opt={NEED: READ_ALERTS},
    )


def _others(board: Board) -> list[HTTPRouteHandler]:
    @get("/accessibility", opt={NEED: OPEN})
    async def accessibility_page(request: Asked) -> Response[str]:
        to = board.writing(request)
        return page(request, to, "accessibility.html", to.words.accessibility, faults_to=board.faults_to)

    @get("/static/board.css", opt={NEED: OPEN}, sync_to_thread=False)
    def style() -> Response[bytes]:
        return Response(STYLE, media_type="text/css", headers={"cache-control": "public, max-age=300"})

    @post("/language", opt={NEED: OPEN}, status_code=303)
    async def chosen(request: Asked) -> Redirect:
        """A cookie of the board remembers it; the visitor is led back to the page they came from."""
        form = await request.form()
        language, back = str(form.get("language", "")), str(form.get("back", ""))
        answer = Redirect(back if own(back) else START, status_code=303)
        if language in LANGUAGES:
            answer.set_cookie(COOKIE, language, max_age=A_YEAR, path="/board", httponly=True, samesite="lax")
        return answer

    @get("/{rest:path}")
    async def nothing(rest: FromPath[str]) -> Response[str]:
        raise Missing("no_page", rest)

    return [accessibility_page, style, chosen, nothing]


def _refusal(board: Board) -> Callable[[Asked, HTTPException], Response[str] | Redirect]:
    def refused(request: Asked, error: HTTPException) -> Response[str] | Redirect:
        if error.status_code == 303 and error.headers:
            return Redirect(error.headers["Location"], status_code=303)
        to = board.writing(request)
        words, status = to.words, error.status_code
        titles = {401: words.not_allowed, 403: words.not_allowed, 404: words.not_found, 503: words.away}
        says, near = "", None
        if isinstance(error, Missing):
            says = getattr(words, error.kind).format(name=error.name)
            if error.near and error.kind in LED_TO:
                near = LED_TO[error.kind](error.near[0]), error.near[1]
        elif isinstance(error, ElsewhereError):
            says = words.order_elsewhere
        elif status == 503:
            says = words.away_lead
        elif status == 404:
            says = words.no_page
        return page(
            request, to, "refusal.html", titles.get(status, words.wrong_question), status=status, says=says, near=near
        )

    return refused
