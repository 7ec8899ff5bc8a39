"""The access log as a page, for auditors alone: who looked at what, with a filter and all of it as a file."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from litestar import Response, get
from litestar.exceptions import ValidationException
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from services.alerts.board.answer import Asked, page
from services.alerts.board.board import Board
from services.alerts.board.links import access_log_path
from services.alerts.board.writing import Writing
from shared.access.needs import AUDIT, NEED
from shared.contracts.access_log import Look
from shared.kit.access import journal
from shared.kit.access.journal import Wanted
from shared.kit.access.journal_routes import following, place

ROWS = 100

First = Annotated[str, QueryParameter(name="from", description="from this day on; empty: always", max_length=10)]
Last = Annotated[str, QueryParameter(name="to", description="this day and those before; empty: all", max_length=10)]
Text = Annotated[str, QueryParameter(description="only of whom, or only about which unit; empty: all", max_length=500)]
After = Annotated[str, QueryParameter(description="go on from behind this entry", max_length=200)]


class LookRow(NamedTuple):
    """An entry as it is shown; ``who`` is what the filter asks for."""

    when: str
    name: str
    who: str
    through: str
    route: str
    about: str
    refused: bool


def route(board: Board) -> HTTPRouteHandler:
    """The handler."""

    @get("/access-log", opt={NEED: AUDIT})
    async def access_log_page(
        request: Asked, first: First = "", last: Last = "", who: Text = "", unit: Text = "", after: After = ""
    ) -> Response[str]:
        to = board.writing(request)
        asked = {"from": first, "to": last, "who": who.strip(), "unit": unit.strip()}
        wanted = Wanted(_start(first, to), _start(last, to, 1), asked["who"] or None, asked["unit"] or None)
        async with board.connected() as connection:
            found = list(await journal.page(connection, wanted, place(after or None), ROWS))
        return page(
            request,
            to,
            "access-log.html",
            to.words.access_log,
            rows=[_row(one, to) for one in found],
            asked=asked,
            filtered=any(asked.values()),
            later=bool(after),
            first=access_log_path(asked),
            more=access_log_path(asked | {"after": following(found[-1])}) if len(found) == ROWS else "",
            file=_file(wanted),
        )

    return access_log_page


def _start(day: str, to: Writing, later: int = 0) -> datetime | None:
    """When a day, or one so many days later, begins where its reader is; raises ValidationException for no day."""
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days=later), time(), to.zone)
    except (ValueError, OverflowError):
        raise ValidationException("expected a day such as 2026-03-01") from None


def _file(wanted: Wanted) -> str:
    """Where all that the filter lets through is a file."""
    times = {"from": wanted.since, "to": wanted.before}
    asked: Mapping[str, str] = {
        **{name: moment.isoformat() for name, moment in times.items() if moment},
        **{name: text for name, text in (("who", wanted.who), ("unit", wanted.unit)) if text},
    }
    return f"/v1/access-log?{urlencode({'format': 'csv', **asked})}"


def _row(one: Look, to: Writing) -> LookRow:
    about = " · ".join(part for part in (one.unit, one.metric) if part)
    refused = one.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    through = to.words.ways.get(one.through, one.through)
    return LookRow(
        to.moment(one.at), to.person(one.name), one.who, through, f"{one.method} {one.route}", about, refused
    )  # fmt: skip
