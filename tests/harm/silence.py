"""``pytest tests/harm/silence.py``: a broker, or a service, that answers nothing and closes nothing (make harm).

It is stopped by a signal, under load: what is sent to it is taken by the kernel, as by a switch that passes nothing on.
When it runs again it knows of nothing, and goes on as if no time had passed.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import islice
from typing import NamedTuple

import httpx

from shared.contracts import envelope
from shared.contracts.envelope import BATCH
from tests.harm.estate.estate import Estate, estate
from tests.harm.estate.load import Load, log
from tests.harm.estate.trial import fires, trial, well
from tests.harm.sender import HEADERS
from tests.harm.thousand_kills import SETTINGS
from tests.polling import until

BROKERS = ("kafka-1", "kafka-2", "kafka-3")
REPLICAS = ("metrics", "metrics-2")
EVERY, LOOK = 0.5, 0.25
"""Seconds between two requests, and between two looks at readiness."""
AT_ONCE = 2.0
"""Seconds within which a request is answered where nothing is wrong."""
EVENTS = 24
"""Of a request: of some of every partition."""
IN_A_ROW = 60
"""So many requests accepted at once, one after the other, are what it is like from then on."""


class Answer(NamedTuple):
    """To a request: when it was sent, by ``time.monotonic``, after how many seconds it came, and its code."""

    sent: float
    seconds: float
    code: int

    @property
    def at_once(self) -> bool:
        """As if nothing were wrong."""
        return self.code == httpx.codes.ACCEPTED and self.seconds < AT_ONCE


class Source:
    """Hands over a small batch twice a second whatever became of the last, and looks whether ingest is ready."""

    def __init__(self, ingest: str, load: Load) -> None:
        """What is confirmed counts with what ``load`` has sent."""
        self._ingest, self._load, self._log = ingest, load, log(99)
        self.answers: list[Answer] = []
        self.unready: list[tuple[float, str]] = []

    async def run(self) -> None:
        """Until cancelled."""
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client, asyncio.TaskGroup() as group:
            group.create_task(self._look(client))
            while True:
                group.create_task(self._hand_over(client))
                await asyncio.sleep(EVERY)

    async def _hand_over(self, client: httpx.AsyncClient) -> None:
        events = list(islice(self._log, EVENTS))
        body = b"[" + b",".join(map(envelope.encode, events)) + b"]"
        sent = time.monotonic()
        answer = await client.post(
            f"{self._ingest}/v1/events", content=body, headers={**HEADERS, "content-type": BATCH}
        )
        self.answers.append(Answer(sent, time.monotonic() - sent, answer.status_code))
        if answer.status_code == httpx.codes.ACCEPTED:
            self._load.sender.sent.extend(hash(event.id) for event in events)

    async def _look(self, client: httpx.AsyncClient) -> None:
        while True:
            answer = await client.get(f"{self._ingest}/readyz")
            if not answer.is_success:
                said = "; ".join(f"{p['name']}: {p['problem']}" for p in answer.json()["parts"] if p["problem"])
                self.unready.append((time.monotonic(), said))
            await asyncio.sleep(LOOK)

    def flows(self, since: float) -> bool:
        """Whether the last requests sent since then were all accepted at once."""
        last = sorted(answer for answer in self.answers if answer.sent > since)[-IN_A_ROW:]
        return len(last) == IN_A_ROW and all(answer.at_once for answer in last)

    def told(self, since: float) -> str:
        """What it was like for who hands over."""
        answers = [answer for answer in self.answers if answer.sent > since]
        late = [answer for answer in answers if not answer.at_once]
        refused = sum(answer.code != httpx.codes.ACCEPTED for answer in late)
        over = max((answer.sent + answer.seconds for answer in late), default=since) - since
        unready = [said for at, said in self.unready if at > since]
        return (
            f"{len(late)} of {len(answers)} requests not accepted at once, {refused} of them refused, "
            f"the last of them {over:.1f} s after; not ready for {len(unready) * LOOK:.1f} s {sorted(set(unready))}"
        )


@asynccontextmanager
async def handing_over(there: Estate, load: Load) -> AsyncIterator[Source]:
    """A source beside the load until the block ends."""
    source = Source(there.address("ingest"), load)
    working = asyncio.create_task(source.run())
    try:
        await until(lambda: source.flows(0), "requests to be accepted at once")
        yield source
    finally:
        working.cancel()
        await asyncio.wait([working])


async def test_each_broker_in_turn_says_nothing():
    """The other two elect leaders of what it led: ingest goes on, and all is well before the third speaks again."""
    async with estate(SETTINGS) as there, trial(there) as load:
        for name in BROKERS:
            async with handing_over(there, load) as source:
                silent = time.monotonic()
                there.freeze(name)
                await until(lambda: source.flows(silent), "requests to be accepted at once again")  # noqa: B023
                await well(there)
                print(f"{name}: {source.told(silent)}; all well {time.monotonic() - silent:.1f} s after")
            there.thaw(name)
            await well(there)


async def test_each_service_in_turn_says_nothing():
    """The other replica of metrics takes over; what the one does that runs again, and believes it leads, counts not."""
    async with estate(SETTINGS) as there, trial(there) as load:
        for name in REPLICAS:
            silent = time.monotonic()
            there.freeze(name)
            await fires(there, load)
            print(f"{name}: a new unit is told of {time.monotonic() - silent:.1f} s after")
            there.thaw(name)
            await well(there)
        there.freeze("alerts")
        await load.goes_on(10)
        there.thaw("alerts")
        await well(there)
        unheard = load.sender.codes[0]
        there.freeze("ingest")
        await until(lambda: load.sender.codes[0] > unheard, "a source to be left without an answer")
        there.thaw("ingest")
        await load.goes_on(2)
