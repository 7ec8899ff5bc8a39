"""The simulated log goes in through ingest; the replay ends when the metrics service has counted all of it.

It is one delivery: half of three years is the truth of no day.
"""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, islice

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from cli.connect.publishing import sender
from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.line import FilePlace, Line
from cli.connect.publishing.together import Together
from cli.local.demonstration.watching import Services
from cli.local.demonstration.words import WORDS
from cli.simulation.log import simulate
from shared.contracts.envelope import CloudEvent, encode
from shared.contracts.subjects import UNIT_PREFIX
from shared.language.language import Language
from shared.language.numbers import plain

FIRST, LAST = date(2023, 1, 1), date(2025, 12, 31)
PEOPLE, UNITS, SEED, HOSTILITY = 1_200, 40, 1, 0.1
TOKEN = "local"  # noqa: S105 — the documented token of a local run
PATIENCE = 10.0
"""Seconds to wait for an ingest that is away."""


class Replay:
    """One replay: ``accepted`` and ``refused`` are what ingest said so far."""

    def __init__(self, ingest: str, services: Services, bars: Progress, language: Language) -> None:
        """``ingest`` is its base URL."""
        self.accepted = 0
        self.refused = 0
        self._named = asyncio.Event()
        self._together = Together("demo")
        self._ingest = ingest
        self._services = services
        self._bars = bars
        self._language, self._words = language, WORDS[language]
        self._published = bars.add_task(self._words.published, total=(LAST - FIRST).days + 1, of="")
        self._counted = bars.add_task(self._words.counted, total=None, of="")

    async def run(self) -> None:
        """Publish and count side by side; raises HindranceError, and httpx.HTTPError for a metrics service away."""
        async with asyncio.TaskGroup() as tasks:
            publishing = tasks.create_task(self._publish())
            tasks.create_task(self._count(publishing))

    async def _publish(self) -> None:
        with sender.client(self._ingest, TOKEN) as http:
            batches = self._batches()
            # Making events holds up the loop as long as sending them would.
            while batch := await asyncio.to_thread(next, batches, None):
                sent = await self._send(http, batch)
                self._together.accepted(sent.taken)
                self.accepted += sent.accepted
                self.refused += len(sent.faults)
                self._bars.update(self._published, of=self._events(self.accepted))
                # The first batch names the units: until it is counted, a mail would tell of one by its reference.
                await self._named.wait()
            for batch in sender.batches(self._together.last()):
                await self._send(http, batch)

    async def _send(self, http: httpx.Client, batch: list[Line]) -> sender.Sent:
        return await asyncio.to_thread(sender.send, http, batch, PATIENCE, self._waits)

    def _waits(self, problem: HindranceError) -> None:
        self._bars.console.print(problem.said(self._language))

    def _events(self, count: int) -> str:
        return self._words.events.format(n=plain(count, self._language))

    def _batches(self) -> Iterator[list[Line]]:
        """What is told of units as the log begins, then everything else."""
        events = simulate(SEED, PEOPLE, UNITS, first=FIRST, last=LAST, hostility=HOSTILITY, troubled="auto")
        begin = list(islice(events, sender.EVENTS))
        units = [event for event in begin if event.subject.startswith(UNIT_PREFIX)]
        others = (event for event in begin if not event.subject.startswith(UNIT_PREFIX))
        yield from sender.batches(self._lines(units))
        yield from sender.batches(self._lines(chain(others, events)))

    def _lines(self, events: Iterable[CloudEvent]) -> Iterator[Line]:
        for number, event in enumerate(events, 1):
            self._bars.update(self._published, completed=(event.time.date() - FIRST).days + 1)
            yield self._together.named(Line(FilePlace("simulated", number), encode(event)))

    async def _count(self, publishing: "asyncio.Task[None]") -> None:
        counted = 0
        while not publishing.done() or counted < self.accepted:
            await asyncio.sleep(0.2)
            counted = await self._services.counted()
            self._bars.update(self._counted, completed=counted, total=self.accepted, of=self._events(counted))
            if self.accepted + self.refused and counted >= self.accepted:
                self._named.set()


def bars(console: Console) -> Progress:
    """Bars for the replay."""
    columns = (TextColumn("{task.description:<10}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[of]}"))
    return Progress(*columns, TimeElapsedColumn(), console=console)
