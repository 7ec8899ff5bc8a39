"""The start page: the visitor's own units, or, of who may see them all, those at the top; and what alarms there."""

from typing import Annotated

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from services.alerts.board.answer import Asked, page
from services.alerts.board.board import Board
from services.alerts.board.promise import promise_line
from services.alerts.repository import board as shown
from services.alerts.repository.board import Filter
from shared.contracts.metrics import ALL

MOST_FOUND, MOST_TOP, WORST = 50, 50, 10


def route(board: Board) -> HTTPRouteHandler:
    """The handler."""

    @get("/")
    async def start_page(
        request: Asked,
        find: Annotated[str, QueryParameter(description="a part of a unit's name", max_length=200)] = "",
    ) -> Response[str]:
        to, text = board.writing(request), find.strip()
        own = board.own(request)
        async with board.connected() as connection:
            found = await shown.named(connection, text, MOST_FOUND, own) if text else []
            top = await (shown.under(connection, ALL, MOST_TOP) if own is None else shown.these(connection, own))
            firing, counts = await shown.page(connection, Filter(own=own), "firing", ("since", True), 0, WORST)
            today = await board.today(connection)
        lines = [promise_line(view, to) for view in firing]
        return page(
            request, to, "start.html", to.words.my_unit,
            find=text, found=found, everything=own is None, top=top, counts=counts, lines=lines, today=today,
        )  # fmt: skip

    return start_page
