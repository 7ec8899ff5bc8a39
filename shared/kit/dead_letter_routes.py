"""``/v1/dead-letters``: messages that a service put aside, listed, shown, and taken through it again."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, NamedTuple

import asyncpg
from litestar import get, post
from litestar.exceptions import NotFoundException, ServiceUnavailableException, ValidationException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from shared.access.needs import NEED, OPERATE
from shared.contracts.dead_letters import Content, Letters, Place, Reason, Retried, Retry, SetAside, place
from shared.kit import dead_letters
from shared.kit.answers import answered
from shared.kit.blame import refused
from shared.kit.database import TRANSIENT

MOST = 1_000
OPTIONS = {NEED: OPERATE}

Again = Callable[[asyncpg.Pool, Place], Awaitable[Retried]]
"""Takes a letter through the service again, and out of the table if that works."""


class Desk(NamedTuple):
    """``pool`` gives None until the database is there."""

    pool: Callable[[], asyncpg.Pool | None]
    again: Again

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[asyncpg.Pool]:
        """The database; answers 503 while it is away, 400 for what it cannot hold."""
        if (pool := self.pool()) is None:
            raise ServiceUnavailableException("the database is not there yet")
        with answered():
            yield pool


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The handlers."""

    @get("/v1/dead-letters", opt=OPTIONS, summary="Messages put aside: where, why, since when")
    async def list_letters(
        reason: Annotated[Reason | None, QueryParameter(description="only those put aside for this reason")] = None,
        after: Annotated[str | None, QueryParameter(description="only those behind TOPIC/PARTITION/OFFSET")] = None,
        most: Annotated[int, QueryParameter(ge=1, le=MOST, description="how many at the most")] = 100,
    ) -> Letters:
        async with desk.opened() as pool, pool.acquire() as connection:
            return await dead_letters.listed(connection, reason, _place(after) if after else None, most)

    @get(
        "/v1/dead-letters/{topic:str}/{partition:int}/{offset:int}",
        opt=OPTIONS,
        summary="A message put aside, as it came",
    )
    async def show_letter(topic: FromPath[str], partition: FromPath[int], offset: FromPath[int]) -> Content:
        async with desk.opened() as pool, pool.acquire() as connection:
            found = await dead_letters.shown(connection, _place(f"{topic}/{partition}/{offset}"))
        if found is None:
            raise NotFoundException("no message of that place was put aside")
        return found

    @post("/v1/dead-letters/retry", opt=OPTIONS, status_code=200, summary="Take messages through the service again")
    async def retry_letters(data: JSONBody[Retry]) -> list[Retried]:
        async with desk.opened() as pool:
            return [await _tried(desk, pool, one) for one in data.places]

    @post("/v1/dead-letters", opt=OPTIONS, status_code=202, summary="Put a message aside at which the service stops")
    async def add_letter(data: JSONBody[SetAside]) -> SetAside:
        async with desk.opened() as pool, pool.acquire() as connection:
            await dead_letters.set_aside(connection, data.place, data.why)
        return data

    return [list_letters, show_letter, retry_letters, add_letter]


def _place(text: str) -> Place:
    try:
        return place(text)
    except ValueError as error:
        raise ValidationException(str(error)) from None


async def _tried(desk: Desk, pool: asyncpg.Pool, at: Place) -> Retried:
    """What became of a letter; one that fails is told of, and takes none of the others along."""
    try:
        return await desk.again(pool, at)
    except Exception as error:
        if isinstance(error, TRANSIENT) and not refused(error):
            raise
        return Retried(at, "refused" if refused(error) else "failed", type(error).__name__)
