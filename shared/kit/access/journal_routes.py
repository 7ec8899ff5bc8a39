"""``GET /v1/access-log``: who looked at what, for auditors alone, as JSON a page at a time, or all of it as CSV."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

import asyncpg
import msgspec
from litestar import Response, get
from litestar.exceptions import ServiceUnavailableException, ValidationException
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.response import Stream

from shared.access.needs import AUDIT, NEED
from shared.contracts.access_log import AccessLog, Look
from shared.kit.access import journal
from shared.kit.access.journal import Place, Wanted
from shared.kit.answers import answered

USUAL, MOST, OF_A_FILE = 100, 1_000, 5_000
COLUMNS = Look.__struct_fields__
_MOVES = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""

Pool = Callable[[], asyncpg.Pool | None]
Since = Annotated[str | None, QueryParameter(name="from", description="RFC 3339: from then on")]
Before = Annotated[str | None, QueryParameter(name="to", description="RFC 3339: before then")]
Who = Annotated[str | None, QueryParameter(description="one caller, as in an entry")]
Unit = Annotated[str | None, QueryParameter(description="entries that name this unit")]
After = Annotated[str | None, QueryParameter(description="go on from where an answer ended: its next")]
Most = Annotated[int, QueryParameter(ge=1, le=MOST, description="entries, at most")]
Form = Annotated[Literal["json", "csv"], QueryParameter(name="format", description="csv: all of them, as a file")]


def route(pool: Pool) -> HTTPRouteHandler:
    """The handler."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[asyncpg.Connection]:
        if (found := pool()) is None:
            raise ServiceUnavailableException("the database is away")
        with answered():
            async with found.acquire() as connection:
                yield connection

    async def some(wanted: Wanted, after: Place | None) -> Sequence[Look]:
        async with opened() as connection:
            return await journal.page(connection, wanted, after, OF_A_FILE)

    async def lines(wanted: Wanted, found: Sequence[Look]) -> AsyncIterator[str]:
        yield _csv([COLUMNS])
        while found:
            yield _csv(map(_cells, found))
            found = await some(wanted, (found[-1].at, found[-1].id))

    @get("/v1/access-log", opt={NEED: AUDIT}, summary="Who looked at what")
    async def access_log(
        since: Since = None,
        before: Before = None,
        who: Who = None,
        unit: Unit = None,
        after: After = None,
        most: Most = USUAL,
        form: Form = "json",
    ) -> Response[AccessLog] | Stream:
        """Answered or refused requests of callers who were known; a scrape of all series is none."""
        wanted = Wanted(_time("from", since), _time("to", before), who, unit)
        if form == "csv":
            first = await some(wanted, None)  # a question that cannot be answered is refused, not broken off
            headers = {"content-disposition": 'attachment; filename="access-log.csv"'}
            return Stream(lines(wanted, first), media_type="text/csv; charset=utf-8", headers=headers)
        async with opened() as connection:
            found = list(await journal.page(connection, wanted, place(after), most))
        last = following(found[-1]) if len(found) == most else None
        return Response(AccessLog(found, last))

    return access_log


def _time(name: str, given: str | None) -> datetime | None:
    if given is None:
        return None
    try:
        found = datetime.fromisoformat(given.replace(" ", "+"))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ValidationException(f"{name}: expected a time such as 2026-03-01T12:00:00Z") from None


def following(look: Look) -> str:
    """What says to go on from behind an entry."""
    return f"{look.at.isoformat()}|{look.id}"


def place(after: str | None) -> Place | None:
    """Where to go on, as ``following`` says it; raises ValidationException."""
    if after is None:
        return None
    at, _, number = after.partition("|")
    found = _time("after", at)
    try:
        return (found, UUID(number)) if found else None
    except ValueError:
        raise ValidationException("after: expected the next of another answer, as it stands there") from None


def _cells(look: Look) -> Iterable[str]:
    told = (msgspec.to_builtins(cell) for cell in msgspec.structs.astuple(look))
    for cell in ("" if one is None else str(one) for one in told):
        yield f"'{cell}" if cell.startswith(_MOVES) else cell


def _csv(rows: Iterable[Iterable[str]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()
