"""What follows from a bounce: the mail was not delivered, and for good means that its address gets no other."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple

import asyncpg
import structlog
from prometheus_client import Counter

from services.alerts.domain.bounce.notice import notices
from services.alerts.domain.plan.plan import Version
from services.alerts.notifiers.bounce.report import Bounce, bounce
from services.alerts.repository import bounces
from shared.kit.clock import Clock

log = structlog.get_logger()

LARGEST = 1 << 20
"""Bytes of a bounce that are looked at: what a report says of recipients comes before the mail that it quotes."""
Verdict = Literal["bounced", "delayed", "unknown", "unreadable"]


class Takers(NamedTuple):
    """What taking a bounce in needs."""

    pool: asyncpg.Pool
    clock: Clock
    counted: Counter
    plans: Callable[[], Awaitable[Mapping[str, Version]]]
    """Those that run."""
    page: str
    """Where a mail about a recipient leads."""


async def take(to: Takers, raw: bytes) -> Verdict:
    """Take a message in; one that is about no mail of ours changes nothing."""
    verdict = await _taken(to, raw)
    to.counted.labels(verdict).inc()
    return verdict


async def _taken(to: Takers, raw: bytes) -> Verdict:
    try:
        found = bounce(raw[:LARGEST])
    except Exception as error:  # noqa: BLE001 -- whatever a stranger sends, the bounces behind it must be read
        log.warning("a bounce cannot be read", error=type(error).__name__)
        return "unreadable"
    if found is None:
        return "unknown"
    async with to.pool.acquire() as connection, connection.transaction():
        return await _take(to, connection, found, to.clock.now())


async def _take(to: Takers, connection: asyncpg.Connection, found: Bounce, now: datetime) -> Verdict:
    mails = await bounces.about(connection, found.mails)
    if not mails:
        return "unknown"
    # One letter is to one address: a report about another, which it was sent on to, is not about that.
    if mails[0].address.lower() not in found.gone:
        await bounces.delayed(connection, mails, f"delayed: {found.why}")
        return "delayed"
    await bounces.bounced(connection, mails, found.why)
    if await bounces.stop(connection, mails[0], found.why, now):
        log.warning("nothing is sent to a recipient any more", recipient=mails[0].recipient, plan=mails[0].plan)
        plans = [version.plan for version in (await to.plans()).values()]
        for who, said in notices(plans, mails[0].address, found.why, now, to.page):
            await bounces.mail(connection, said, who)
    return "bounced"
