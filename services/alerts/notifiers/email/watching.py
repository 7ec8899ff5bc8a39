"""Opening summaries: each recipient of a plan is told in one mail of all that breaches when watching begins."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec

from services.alerts.domain.alert.opening import OpeningNotice, summary_name
from services.alerts.domain.letter.opening import summed_up
from services.alerts.domain.plan.plan import Recipient
from services.alerts.repository import openings, turns

OPENING = "opening"


async def begin(pool: asyncpg.Pool, now: datetime) -> None:
    """Write the summaries of each plan for which nothing is in motion any more."""
    async with pool.acquire() as connection, connection.transaction():
        if not await openings.ripe(connection, now):
            return
        await turns.begin_summaries(connection)
        for plan in await openings.ripe(connection, now):
            waiting = await openings.waiting(connection, plan)
            for who, notices in _by_recipient(waiting).items():
                await _tell(connection, who, notices, now)
            await openings.told(connection, plan, waiting, now)


def _by_recipient(notices: Sequence[OpeningNotice]) -> dict[Recipient, list[OpeningNotice]]:
    found: dict[Recipient, list[OpeningNotice]] = defaultdict(list)
    for notice in notices:
        for who in notice.to:
            found[who].append(notice)
    return found


async def _tell(
    connection: asyncpg.Connection, who: Recipient, notices: Sequence[OpeningNotice], now: datetime
) -> None:
    name = summary_name(notices[0].plan, who, now)
    told = msgspec.json.encode(summed_up(name, notices, now)).decode()
    await openings.tell(connection, name, (who.id, who.address, who.language), told, now)
