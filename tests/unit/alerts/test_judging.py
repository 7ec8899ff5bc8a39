"""The loop that judges what is due: what is marked while it looks is judged at once."""

import asyncio
import contextlib
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from prometheus_client import CollectorRegistry

from services.alerts.rounds import judging
from services.alerts.rounds.judging import Judging
from services.alerts.rounds.rounds import Rounds
from services.alerts.telemetry import Telemetry
from shared.kit.clock import Clock
from shared.kit.health import Health
from tests.polling import until


class Marked:
    """Rounds in which something is marked just after the first look found nothing."""

    def __init__(self) -> None:
        """Not looked at yet."""
        self.due = asyncio.Event()
        self.looks = 0

    async def waiting(self) -> bool:
        """Nothing, as of the look; what is marked before the answer is there is heard of by ``due``."""
        self.looks += 1
        if self.looks == 1:
            self.due.set()
        return False


async def test_what_is_marked_while_it_looks_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    """The next look is at once, and not when another process may have marked something."""
    monkeypatch.setattr(judging, "IDLE_SECONDS", 3_600.0)
    clock, rounds = Clock(ZoneInfo("UTC")), Marked()
    judge = Judging(
        cast("Rounds", rounds),
        clock,
        lambda *_: "",
        Telemetry(CollectorRegistry()),
        Health(clock, judging.PART),
    )
    task = asyncio.create_task(judge._session())
    await until(lambda: rounds.looks == 2, "another look")
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
