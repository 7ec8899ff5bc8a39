"""What happens at the estate meanwhile: a log is handed over through both doors, and units that must be told of."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

from aiokafka.errors import KafkaError

from cli.simulation.log import simulate
from shared.contracts import envelope
from shared.contracts.envelope import CloudEvent
from tests.builders import encoded
from tests.e2e.test_harm import PLAN, too_many_consultants
from tests.harm.estate.estate import Estate
from tests.harm.handing_over import Request
from tests.harm.poison import doses
from tests.harm.sender import Sender
from tests.polling import until

TODAY = date(2025, 12, 31)
PORTION = 5.0
"""Seconds of the log that are handed over together, and then confirmed or handed over again."""
STEP = 0.5
"""Seconds whose events are one batch over HTTP, and some of them messages of hr.raw."""
BY_TOPIC = 5
"""One event in so many comes over hr.raw."""
NO_POISON = 10**9


def log(seed: int) -> Iterator[CloudEvent]:
    """Three years of a municipality whose systems are late, wrong and contradictory."""
    return simulate(seed, 3_000, 60, first=date(2023, 1, 1), last=TODAY, hostility=1, troubled="auto")


class Load:
    """Goes on until it is held, and on again when it is let."""

    def __init__(self, estate: Estate, seed: int, rate: float) -> None:
        """``rate`` events a second."""
        self._log, self._rate = log(seed), rate
        self.sender = Sender(estate.address("ingest"), estate.stack.kafka_bootstrap_servers, doses(seed), NO_POISON)
        self.units: list[str] = []
        self._seen = 0
        self._may, self._resting = asyncio.Event(), asyncio.Event()
        self._wanted = 0

    def go(self) -> None:
        """Go on."""
        self._may.set()

    async def hold(self) -> None:
        """Finish what is under way."""
        self._may.clear()
        await self._resting.wait()

    def went_on(self, events: int) -> bool:
        """Whether so many more have been confirmed since this was last so."""
        if len(self.sender.sent) < self._seen + events:
            return False
        self._seen = len(self.sender.sent)
        return True

    async def goes_on(self, portions: int = 5) -> None:
        """Wait until so much more is confirmed."""
        events = round(portions * self._rate)
        await until(lambda: self.went_on(events), f"{events} more events to be handed over")

    def more_units(self, count: int) -> None:
        """With the next portion so many units come that an alert must fire for."""
        self._wanted += count

    async def run(self) -> None:
        """Until cancelled; whoever waits for what is under way is let go when it ends by a fault."""
        try:
            while True:
                if not self._may.is_set():
                    self._resting.set()
                    await self._may.wait()
                    self._resting.clear()
                await self._portion()
        finally:
            self._resting.set()

    async def _portion(self) -> None:
        some, self._wanted = self._wanted, 0
        fresh = [f"harm-{len(self.units) + n}" for n in range(some)]
        events = list(islice(self._log, round(self._rate * PORTION)))
        await self._handed_over([*events, *(event for unit in fresh for event in _staff(unit))])
        self.units += fresh

    async def _handed_over(self, events: list[CloudEvent]) -> None:
        """Again from the start as long as no broker answers: what is there already is recognised."""
        done = False
        while not done:
            try:
                await self.sender.send(requests(events, self._rate))
                done = True
            except* (KafkaError, OSError):
                await asyncio.sleep(1)


def requests(events: Sequence[CloudEvent], rate: float) -> Iterator[Request]:
    """So many events a second, half a second at a time."""
    size = max(1, round(rate * STEP))
    for start in range(0, len(events), size):
        some, due = tuple(events[start : start + size]), start / rate
        cut = len(some) // BY_TOPIC
        if cut:
            yield Request(due, "topic", some[:cut])
        yield Request(due, "batch", some[cut:])


def _staff(unit: str) -> list[CloudEvent]:
    return [envelope.decode(encoded(event)) for event in too_many_consultants(unit)]


def plan(folder: Path) -> Path:
    """The plan by which those units are told of."""
    path = folder / "plan.yaml"
    path.write_text(PLAN)
    return path
