"""``python -m tests.harm.soak [--minutes N]``: a country's day in an hour, with poison and outages; see ``make load``.

The pace: Swedish municipalities have about 1.2 million employees, and a simulated one hands over 0.114 events a day and
employee (208,222 events of 5,000 people in a year): 137,000 a day, which is 38 a second for an hour.
"""

import argparse
import asyncio
import contextlib
import json
import sys
from collections.abc import Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.rig import committed, put, rig
from cli.local.stack import Stack
from cli.simulation.log import simulate
from shared.contracts.envelope import CloudEvent
from shared.contracts.topics import HR_EVENTS
from tests.harm import accounts, doors
from tests.harm.poison import doses, half_open
from tests.harm.sender import Sender
from tests.harm.town import Sample, Town
from tests.polling import until

RATE = 38.0
PEOPLE, UNITS = 5_000, 150
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
KNOWN = 15_000
SEED = 3
POISONED = 1_000
"""One message in so many is poison."""
OUTAGES = ("postgres", "kafka", "mailbox") * 3
AWAY = 15.0
"""Seconds that a part is away."""
BACK = 180.0
"""Seconds within which all that waited must have been taken in after an outage."""
LOOK = 10.0
SAME = 1.2
"""Memory is flat if the last tenth of the run holds no more than this times what the middle held."""
REPORT = Path(".stadga/soak.json")


def log(count: int) -> tuple[list[CloudEvent], list[CloudEvent]]:
    """What is known before, those who are employed and where, and the ``count`` events after it, to be sent."""
    events = simulate(SEED, PEOPLE, UNITS, first=FIRST, last=LAST, hostility=0.3, troubled="auto")
    return list(islice(events, KNOWN)), list(islice(events, count))


class Soak:
    """One run."""

    def __init__(self, stack: Stack, town: Town, sender: Sender, seconds: float, back: float) -> None:
        """Nothing is sent yet; ``back`` are the seconds within which all is taken in after an outage."""
        self._stack, self._town, self._sender, self._seconds, self._back = stack, town, sender, seconds, back
        self.samples: list[Sample] = []
        self.outages: list[tuple[str, float, float]] = []
        self.faults: list[str] = []

    async def run(self, events: Sequence[CloudEvent], outages: Sequence[str]) -> None:
        """Send all of it while parts are taken away; then wait until all is taken in."""
        beside = [asyncio.create_task(work) for work in (self._town.keep(), self._watch(), self._harm(outages))]
        try:
            await self._sender.send(events, RATE)
            await asyncio.wait_for(beside[-1], self._seconds + 300)
            await self._quiet("the end")
        finally:
            for one in beside:
                one.cancel()
            await asyncio.wait(beside)

    async def _watch(self) -> None:
        while True:
            sample = await self._town.look(len(self._sender.ids))
            self.samples.append(sample)
            if len(self.samples) % 6 == 1:
                print(
                    f"{sample.at:>5.0f} s  {sample.sent:,} sent  {_rounded(sample.memory)} MiB  "
                    f"lag {_rounded(sample.waiting)}  ready {sample.ready}",
                    flush=True,
                )
            await asyncio.sleep(LOOK)

    async def _harm(self, outages: Sequence[str]) -> None:
        for number, part in enumerate(outages, 1):
            await asyncio.sleep(max(0.0, number * self._seconds / (len(outages) + 1) - self._town.now))
            connections = asyncio.create_task(half_open([s.service.url for s in self._town.services.values()], AWAY))
            began = self._town.now
            self._stack.kill(part)
            await asyncio.sleep(AWAY)
            await self._stack.restart(part)
            self.outages.append((part, began, self._town.now))
            await asyncio.gather(connections, return_exceptions=True)
            await self._quiet(f"{part} taken away at {began:.0f} s")

    async def _quiet(self, after: str) -> None:
        """Every service is ready and all that waited is taken in; a little is always under way."""

        async def taken_in() -> bool:
            sample = await self._town.look(len(self._sender.ids))
            return all(sample.ready.values()) and all(0 <= lag < 10 * RATE for lag in sample.waiting.values())

        try:
            await until(taken_in, f"everything taken in after {after}", self._back)
        except AssertionError as error:
            self.faults.append(str(error))
            print(f"  {error}", flush=True)

    async def judge(self) -> dict[str, Any]:
        """Everything accounted for, facts right, mails right, memory flat."""
        wanted = await doors.size(self._stack.kafka_bootstrap_servers, HR_EVENTS)
        await asyncio.wait_for(committed(self._stack, wanted), self._back)

        async def all_mailed() -> bool:
            return not (await accounts.mails(self._stack))[0].get("pending")

        with contextlib.suppress(AssertionError):
            await until(all_mailed, "the outbox to be empty", self._back)
        states, wrong = await accounts.mails(self._stack)
        lost, differ = await accounts.unaccounted(self._stack, self._sender), await accounts.facts_differ(self._stack)
        memory = self._memory()
        grown = [f"memory of {name}: {m}" for name, m in memory.items() if m["end"] > SAME * m["middle"]]
        pending = [f"mails: {states}"] if states.get("pending") or states.get("failed") else []
        return {
            "seconds": round(self._seconds),
            "events": len(self._sender.ids),
            "poison": len(self._sender.poison),
            "kinds": len({dose.kind for dose, _ in self._sender.poison}),
            "sent again": self._sender.repeats,
            "outages": self.outages,
            "mails": states,
            "memory": memory,
            "faults": [
                *self.faults,
                *self._sender.faults,
                *self._town.ends,
                *lost[:50],
                *differ[:50],
                *wrong,
                *pending,
                *grown,
            ],
            "unaccounted": len(lost),
            "facts that differ": len(differ),
        }

    def _memory(self) -> dict[str, dict[str, float]]:
        count = len(self.samples)
        spans = {"early": (0.05, 0.15), "middle": (0.45, 0.55), "end": (0.9, 1.0)}
        return {
            name: {
                span: _median([s.memory[name] for s in self.samples[int(a * count) : int(b * count) + 1]])
                for span, (a, b) in spans.items()
            }
            for name in self._town.services
        }


def _median(values: list[float]) -> float:
    return round(sorted(values)[len(values) // 2], 1) if values else 0.0


def _rounded(values: dict[str, float]) -> dict[str, int]:
    return {name: round(value) for name, value in values.items()}


async def soak(
    minutes: float, outages: Sequence[str] = OUTAGES, every: int = POISONED, back: float = BACK
) -> tuple[Soak, dict[str, Any]]:
    """Run on a stack of its own."""
    seconds = minutes * 60
    before, events = log(int(RATE * seconds))
    async with rig() as stack:
        await put(stack, before)
        town = Town(stack, STADGA_TODAY=LAST.isoformat())
        await town.start()
        try:
            await until(lambda: _all_ready(town), "the services to be ready", 600)
            sender = Sender(town.services["ingest"].service.url, stack.kafka_bootstrap_servers, doses(SEED), every)
            run = Soak(stack, town, sender, seconds, back)
            town.begin()
            await run.run(events, outages)
            return run, await run.judge()
        finally:
            await town.stop()


async def _all_ready(town: Town) -> bool:
    sample = await town.look(0)
    return all(sample.ready.values()) and all(0 <= lag < RATE for lag in sample.waiting.values())


def main() -> None:
    """Run, print and keep the report and its picture; exits with 1 if anything was wrong."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--minutes", type=float, default=60)
    run, found = asyncio.run(soak(asked.parse_args().minutes))
    from tests.harm.picture import draw

    REPORT.parent.mkdir(mode=0o700, exist_ok=True)
    REPORT.write_text(json.dumps(found, indent=2))
    draw(run.samples, run.outages, REPORT.with_suffix(".png"))
    print(json.dumps(found, indent=2))
    sys.exit(bool(found["faults"]))


if __name__ == "__main__":
    main()
