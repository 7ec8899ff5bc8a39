"""``/v1/digests``: who gets weekly summaries and who has ended theirs; an order has them written again."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Any

import asyncpg
import msgspec
from litestar import Request, get, post
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from services.alerts.api.door import Pool, connected
from services.alerts.domain.plan.plan import Version, Weekday
from services.alerts.domain.weekly.leave import Reader
from services.alerts.repository import digests
from services.alerts.repository.plans import Running
from shared.access.needs import NEED, OPERATE
from shared.kit.access.guard import who
from shared.kit.clock import Clock

OPTIONS = {NEED: OPERATE}


class DigestShown(msgspec.Struct, frozen=True, kw_only=True):
    """When a recipient of a plan gets a weekly summary, and until when they were told; ``ended``: they want none."""

    plan: str
    recipient: str
    on: Weekday
    at: time
    time_zone: str
    told: datetime | None
    ended: bool


class DigestList(msgspec.Struct):
    """The weekly summaries that running plans ask for."""

    digests: list[DigestShown]


def routes(pool: Pool, clock: Clock) -> list[HTTPRouteHandler]:
    """The handlers. A reader ends summaries by the link in each of them."""
    running = Running()

    async def shown(connection: asyncpg.Connection) -> list[DigestShown]:
        return [*await _shown(connection, await running.load(connection))]

    @get("/v1/digests", opt=OPTIONS, summary="Weekly summaries: who gets them, and who has ended theirs")
    async def listed() -> DigestList:
        async with connected(pool) as connection:
            return DigestList(await shown(connection))

    @post(
        "/v1/digests/{plan:str}/{recipient:str}/resume",
        opt=OPTIONS,
        summary="Write to a recipient again",
        status_code=200,
    )
    async def resumed(request: Request[Any, Any, Any], plan: FromPath[str], recipient: FromPath[str]) -> DigestShown:
        """Of somebody who had ended their weekly summaries; it is the same for anybody else, and changes nothing."""
        async with connected(pool) as connection:
            version = (await running.load(connection)).get(plan)
            to = version.plan.recipients.get(recipient) if version else None
            if to is None or to.digest is None:
                raise NotFoundException("no running plan asks for a weekly summary for this recipient")
            reader = Reader(plan, recipient, to.address)
            await digests.choose(connection, reader, wanted=True, by=who(request).name, now=clock.now())
            found = await shown(connection)
        return next(one for one in found if (one.plan, one.recipient) == (plan, recipient))

    return [listed, resumed]


async def _shown(connection: asyncpg.Connection, versions: Mapping[str, Version]) -> Iterator[DigestShown]:
    kept, ended = await digests.load(connection), await digests.ended(connection)
    asked = ((one.plan, to) for one in versions.values() for to in one.plan.recipients.values())
    return (
        DigestShown(
            plan=plan.id,
            recipient=to.id,
            on=to.digest.on,
            at=to.digest.at,
            time_zone=plan.time_zone,
            told=kept[plan.id, to.id].told if (plan.id, to.id) in kept else None,
            ended=Reader(plan.id, to.id, to.address) in ended,
        )
        for plan, to in asked
        if to.digest
    )
