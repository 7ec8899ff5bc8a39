"""All units × promises: a table to filter and sort by links, some rows at a time."""

from math import ceil
from typing import Annotated, NamedTuple

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from services.alerts.board.answer import Asked, page
from services.alerts.board.board import Board
from services.alerts.board.links import promises_path
from services.alerts.board.promise import promise_line
from services.alerts.board.writing import Writing
from services.alerts.domain.alert.telling import ViewState
from services.alerts.domain.letter.facts import title
from services.alerts.repository import board as shown
from services.alerts.repository.board import Filter, Order

ROWS = 50
STATES: tuple[ViewState, ...] = ("firing", "recovering", "pending", "expected", "not_judged", "ok")
COLUMNS: tuple[Order, ...] = ("state", "unit", "metric", "since")

Text = Annotated[str, QueryParameter(description="as a unit's name, or a part of it", max_length=200)]
Name = Annotated[str, QueryParameter(description="only these; empty: all", max_length=200)]


class Column(NamedTuple):
    """The head of a column that sorts: what it is called, where the link leads, how it is sorted now."""

    name: str
    path: str
    sorted: str


class Choice(NamedTuple):
    """One of the values that a filter may have."""

    value: str
    text: str
    chosen: bool


def route(board: Board) -> HTTPRouteHandler:
    """The handler."""

    @get("/promises")
    async def promises_page(
        request: Asked,
        wanted: Annotated[
            ViewState | None, QueryParameter(name="state", description="only those in this state")
        ] = None,
        plan: Name = "",
        metric: Name = "",
        text: Text = "",
        below: Name = "",
        sort: Annotated[Order, QueryParameter(description="the column to sort by")] = "state",
        back: Annotated[bool, QueryParameter(description="sorted backwards")] = False,
        at: Annotated[int, QueryParameter(name="page", ge=1, le=100_000, description="the page, from 1")] = 1,
    ) -> Response[str]:
        to = board.writing(request)
        asked = Filter(plan or None, metric or None, text.strip() or None, below or None, board.own(request))
        async with board.connected() as connection:
            plans = await board.plans(connection)
            found = await shown.page(connection, asked, wanted, (sort, back), (at - 1) * ROWS, ROWS)
            views, counts = await board.handled(connection, found.views), found.counts
            today = await board.today(connection)
        total = sum(counts.values()) if wanted is None else counts.get(wanted, 0)
        here = {"state": wanted or "", "plan": plan, "metric": metric, "text": text.strip(), "below": below}
        order = {"sort": "" if sort == "state" else sort, "back": "true" if back else ""}
        pages = max(1, ceil(total / ROWS))
        titles = {name: title(one.plan.title, to.language, one.plan.language) for name, one in plans.items()}
        metrics = sorted({target.metric for one in plans.values() for target in one.plan.targets.values()})
        return page(
            request,
            to,
            "promises.html",
            to.words.promises,
            lines=[promise_line(view, to, plans) for view in views],
            total=total,
            states=[_state(one, counts, wanted, here, order, to) for one in STATES],
            everything=promises_path({**here, "state": ""} | order),
            plans=[Choice(name, said, name == plan) for name, said in titles.items()],
            titles=titles,
            metrics=[Choice(name, to.metric(name), name == metric) for name in metrics],
            asked=here | order,
            columns=[_column(one, sort, here, to, back=back) for one in COLUMNS],
            at=at,
            pages=pages,
            before=promises_path(here | order | {"page": f"{at - 1}"}) if at > 1 else "",
            after=promises_path(here | order | {"page": f"{at + 1}"}) if at < pages else "",
            filtered=any(here.values()),
            today=today,
        )

    return promises_page


class StateChoice(NamedTuple):
    """A state to choose, with how many promises are in it."""

    state: ViewState
    word: str
    promises: int
    path: str
    chosen: bool


def _state(
    one: ViewState,
    counts: dict[ViewState, int],
    chosen: ViewState | None,
    here: dict[str, str],
    order: dict[str, str],
    to: Writing,
) -> StateChoice:
    path = promises_path({**here, "state": one} | order)
    return StateChoice(one, to.words.states[one], counts.get(one, 0), path, one == chosen)


def _column(one: Order, sort: Order, here: dict[str, str], to: Writing, *, back: bool) -> Column:
    words = to.words
    names = {"state": words.state, "unit": words.unit, "metric": words.metric, "since": words.since}
    turned = one == sort and not back
    path = promises_path(here | {"sort": one, "back": "true" if turned else ""})
    how = "" if one != sort else "descending" if back else "ascending"
    return Column(names[one], path, how)
