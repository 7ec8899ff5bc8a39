"""A process that delivers waiting mails and nothing else, to be killed: ``python -m tests.integration.deliverer``."""

import asyncio
import contextlib
import functools
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from prometheus_client import CollectorRegistry

from services.alerts.domain.letter.delivery import Policy
from services.alerts.notifiers.email.letter import sender
from services.alerts.notifiers.email.mailer import Post, run
from services.alerts.notifiers.email.server import MailServer, address
from services.alerts.telemetry import Telemetry
from shared.kit import database
from shared.kit.clock import Clock
from shared.kit.health import Health

POLL = timedelta(milliseconds=50)
BRISK = Policy(
    first=timedelta(milliseconds=50),
    longest=timedelta(milliseconds=200),
    outage=timedelta(milliseconds=200),
    lease=timedelta(seconds=2),
    timeout=timedelta(seconds=1),
)
"""As the real policy, at a pace for tests."""


async def _read(clock: Clock) -> datetime:
    """Nobody tells of values here: all of it is read."""
    return clock.now()


@contextlib.asynccontextmanager
async def office(url: str, smtp: str, policy: Policy = BRISK) -> AsyncIterator[Post]:
    """Everything delivery needs, on a real database and mail server."""
    clock = Clock(ZoneInfo("Europe/Stockholm"))
    async with database.pool(url, "alerts") as pool:
        yield Post(
            pool=pool,
            server=MailServer(address(smtp), policy.timeout),
            sender=sender("Stadga <stadga@kommun.example>"),
            policy=policy,
            clock=clock,
            health=Health(clock, "database", "smtp"),
            deliveries=Telemetry(CollectorRegistry()).deliveries,
            read=functools.partial(_read, clock),
        )


async def deliver(url: str, smtp: str) -> None:
    """Deliver until killed."""
    async with office(url, smtp) as post:
        await run(post, asyncio.Event(), POLL)


if __name__ == "__main__":
    asyncio.run(deliver(sys.argv[1], sys.argv[2]))
