"""The page behind the link that ends weekly summaries: looking at it changes nothing, its button does.

Mail programs press the button for their reader (RFC 8058): they have no cookie and sign in nowhere. The signature of
the link is what they show, so that both routes are open to whoever has it.
"""

from collections.abc import Callable
from typing import Annotated

import asyncpg
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter

from services.alerts.board.answer import laid_out
from services.alerts.board.board import Board
from services.alerts.board.writing import Writing
from services.alerts.domain.letter.facts import title
from services.alerts.domain.plan.plan import Plan, Recipient
from services.alerts.domain.weekly.leave import PATH, Reader, holds
from services.alerts.repository import digests
from shared.access.needs import NEED, OPEN
from shared.kit.clock import Clock

GONE = 404
OPTIONS = {NEED: OPEN}
Signature = Annotated[str, QueryParameter(description="of the link in the mail", max_length=100)]


def routes(board: Board, clock: Clock, key: Callable[[], bytes]) -> list[HTTPRouteHandler]:
    """The handlers; ``key`` is what links are signed with."""

    async def asked(
        connection: asyncpg.Connection, plan: str, recipient: str, sig: str
    ) -> tuple[Plan, Recipient] | None:
        """Whose link it is; None of one that was sent to nobody who is written to now."""
        running = (await board.plans(connection)).get(plan)
        to = running.plan.recipients.get(recipient) if running else None
        if running is None or to is None or not holds(key(), Reader(plan, recipient, to.address), sig):
            return None
        return running.plan, to

    def shown(found: tuple[Plan, Recipient] | None, *, ended: bool) -> Response[str]:
        to = Writing(found[1].language if found else "sv", clock.zone)
        name = title(found[0].title, to.language, found[0].language) if found else ""
        return laid_out(to, "leaving.html", status=200 if found else GONE, name=name, found=bool(found), ended=ended)

    @get(f"{PATH}/{{plan:str}}/{{recipient:str}}", opt=OPTIONS, include_in_schema=False)
    async def leaving_page(plan: FromPath[str], recipient: FromPath[str], sig: Signature = "") -> Response[str]:
        async with board.connected() as connection:
            found = await asked(connection, plan, recipient, sig)
            ended = found is not None and Reader(plan, recipient, found[1].address) in await digests.ended(connection)
        return shown(found, ended=ended)

    @post(f"{PATH}/{{plan:str}}/{{recipient:str}}", status_code=200, opt=OPTIONS, include_in_schema=False)
    async def left(plan: FromPath[str], recipient: FromPath[str], sig: Signature = "") -> Response[str]:
        async with board.connected() as connection:
            found = await asked(connection, plan, recipient, sig)
            if found:
                reader = Reader(plan, recipient, found[1].address)
                await digests.choose(connection, reader, wanted=False, by=recipient, now=clock.now())
        return shown(found, ended=True)

    return [leaving_page, left]
