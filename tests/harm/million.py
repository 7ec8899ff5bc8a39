"""``python -m tests.harm.million [--inputs N] [--seed S]``: hostile inputs through every door; see ``make harm``."""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from benchmarks.rig import rig
from cli.local.stack import SERVICES, Stack, ports
from shared.contracts.topics import HR_EVENTS, HR_RAW, HR_REJECTED
from tests.harm import doors, files, questions
from tests.harm.doors import Door
from tests.harm.hostile import Hostile, valid
from tests.polling import until

SHARES = {"raw": 0.68, "batches": 0.26, "requests": 0.02, "plans": 0.015, "imports": 0.004, "questions": 0.02}
"""Of all inputs; schemathesis gets what is left, at most ``EXAMPLES`` for each way to ask."""
EXAMPLES = 150
SAMPLES = 5_000
PATIENCE = 1_800
REPORT = Path(".stadga/harm.json")


class Harm:
    """One run: the stack, the inputs, and what is found."""

    def __init__(self, stack: Stack, inputs: int, seed: int) -> None:
        """Nothing is sent yet."""
        self._stack = stack
        self._inputs = inputs
        self._seed = seed
        self._samples = valid(seed, SAMPLES)
        self.found: list[Door] = []
        self.seconds: dict[str, float] = {}

    def _hostile(self, door: str) -> tuple[Hostile, int]:
        number = list(SHARES).index(door)
        return Hostile(self._seed * 100 + number, self._samples), max(1, int(self._inputs * SHARES[door]))

    async def run(self) -> None:
        """Every door, one after another, so that what each made of its inputs can be counted."""
        ingest, metrics, alerts = (self._stack.address(name) for name in SERVICES)
        await self._counted(self._door(doors.batches, ingest, "batches"))
        await self._door(doors.requests, ingest, "requests")()
        await self._counted(self._door(doors.topic, self._stack.kafka_bootstrap_servers, "raw"), HR_RAW.name)
        await self._folded()
        for name, url in (("metrics", metrics), ("alerts", alerts)):
            made, inputs = self._hostile("questions")
            await self._timed(questions.hostile(name, url, made, inputs // 2))
            await self._timed(questions.unholdable(name, url))
            examples = max(2, min(EXAMPLES, self._inputs // 4_000))
            await self._timed(questions.generated(name, url, examples, self._seed))
        await self._timed(asyncio.to_thread(files.plans, *self._hostile("plans")))
        with tempfile.TemporaryDirectory() as folder:
            await self._timed(asyncio.to_thread(files.imports, *self._hostile("imports"), Path(folder)))
        await self._services_work()

    def _door(
        self, send: Callable[[str, Hostile, int], Awaitable[Door]], where: str, share: str
    ) -> Callable[[], Awaitable[Door]]:
        return lambda: self._timed(send(where, *self._hostile(share)))

    async def _timed(self, work: Awaitable[Door]) -> Door:
        began = time.monotonic()
        door = await work
        self.seconds[door.name] = time.monotonic() - began
        self.found.append(door)
        print(
            f"{door.name:<28}{door.inputs:>10,} inputs {self.seconds[door.name]:>7.0f} s  {dict(door.answers)}",
            flush=True,
        )
        for fault in door.faults[:5]:
            print(f"    {fault}", flush=True)
        return door

    async def _recorded(self) -> int:
        servers = self._stack.kafka_bootstrap_servers
        return sum([await doors.size(servers, topic) for topic in (HR_EVENTS, HR_REJECTED)])

    async def _counted(self, send: Callable[[], Awaitable[Door]], name: str = "") -> None:
        """Every input of the door is on hr.events or hr.rejected, and nothing else is."""
        before = await self._recorded()
        door = await send()

        async def all_there() -> bool:
            assert not self._stack.dead(), self._stack.dead()
            return await self._recorded() >= before + door.inputs

        await until(all_there, f"{door.inputs:,} outcomes of {name or door.name}", PATIENCE)
        if (recorded := await self._recorded() - before) != door.inputs:
            self.found.append(Door(f"{door.name}, recorded", 0, Counter(), (f"{recorded} of {door.inputs}",)))

    async def _folded(self) -> None:
        """Metrics has taken in all of hr.events: known, or put aside with a reason."""
        wanted = await doors.size(self._stack.kafka_bootstrap_servers, HR_EVENTS)
        connection = await asyncpg.connect(self._stack.database_url)
        try:

            async def all_taken() -> bool:
                assert not self._stack.dead(), self._stack.dead()
                return await connection.fetchval("select coalesce(sum(next), 0) from metrics.offsets") == wanted

            await until(all_taken, f"metrics to take in {wanted:,} messages", PATIENCE)
            aside = await connection.fetchval("select count(*) from metrics.dead_letters")
        finally:
            await connection.close()
        print(f"metrics took in {wanted:,} messages, of which {aside} are put aside with a reason", flush=True)

    async def _services_work(self) -> None:
        """Each service is ready, answered nothing with 500, and ended by itself never."""
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            for name in SERVICES:
                faults = []

                async def ready(url: str = f"{self._stack.address(name)}/readyz") -> bool:
                    return (await client.get(url)).status_code == httpx.codes.OK

                await until(ready, f"{name} to be ready", 120)
                text = (await client.get(f"{self._stack.address(name)}/metrics")).text
                if errors := [
                    x for x in text.splitlines() if x.startswith("stadga_http_errors_total") and not x.endswith(" 0.0")
                ]:
                    faults.append(f"{errors}")
                if "Traceback" in self._stack.log(name).read_text("utf-8", "replace"):
                    faults.append(f"a traceback in {self._stack.log(name)}")
                self.found.append(Door(f"{name}, at the end", 0, Counter(), tuple(faults)))
        if self._stack.dead():
            self.found.append(Door("processes", 0, Counter(), tuple(self._stack.dead())))

    def report(self) -> dict[str, Any]:
        """What was sent and found, as JSON."""
        return {
            "seed": self._seed,
            "inputs": sum(door.inputs for door in self.found),
            "seconds": round(sum(self.seconds.values())),
            "faults": [f"{door.name}: {fault}" for door in self.found for fault in door.faults],
            "doors": [
                {
                    "door": d.name,
                    "inputs": d.inputs,
                    "seconds": round(self.seconds.get(d.name, 0)),
                    "answers": d.answers,
                }
                for d in self.found
                if d.inputs
            ],
        }


async def harm(inputs: int, seed: int) -> dict[str, Any]:
    """Send so many hostile inputs to a stack of its own."""
    chosen = ports.choose({f"STADGA_{name.upper()}_PORT": 0 for name in SERVICES}, {})
    async with rig(STADGA_TODAY="2025-12-31", **{name: str(port) for name, port in chosen.items()}) as stack:
        await stack.start(SERVICES)
        run = Harm(stack, inputs, seed)
        await run.run()
        return run.report()


def main() -> None:
    """Run, print and keep the report; exits with 1 if anything was found."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--inputs", type=int, default=1_000_000)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    found = asyncio.run(harm(given.inputs, given.seed))
    REPORT.parent.mkdir(mode=0o700, exist_ok=True)
    REPORT.write_text(json.dumps(found, indent=2))
    print(f"{found['inputs']:,} inputs in {found['seconds']:,} s, seed {found['seed']}: {len(found['faults'])} faults")
    for fault in found["faults"][:50]:
        print(f"  {fault}")
    sys.exit(bool(found["faults"]))


if __name__ == "__main__":
    main()
