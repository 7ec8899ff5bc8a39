"""The services under load, and how they are kept and looked at."""

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import httpx

from benchmarks.rig import pid_of
from cli.local.stack import INFRASTRUCTURE, SERVICES, Stack
from tests.harm.processes import Use, memory, used
from tests.integration.metering import Killable

SWITCHING = "import runpy, sys; sys.setswitchinterval(1e-6); runpy.run_module('{}', run_name='__main__')"
"""Python gives each thread 5 ms by default: with a microsecond two threads meet wherever they can."""
DRIVER = "driver"
GAUGES = ("stadga_consumer_lag_messages{", "stadga_alerts_due ")


class Kept(Killable):
    """A service that is looked after."""

    @property
    def log(self) -> Path:
        """Where it writes."""
        return self._log

    @property
    def ended_with(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.returncode if self._process else None


class Forced(Kept):
    """A service whose threads take turns after every few instructions."""

    async def start(self) -> None:
        """Start, and do not wait until it answers."""
        self._log.parent.mkdir(exist_ok=True)
        with self._log.open("ab") as log_file:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", SWITCHING.format(self._program), env=self._environment, stderr=log_file
            )


class Sample(NamedTuple):
    """How it looked at a moment: seconds from the start, what each part takes, which service is ready, what was sent.

    ``waiting`` are messages that a service has not taken in, and of alerts those that it has not judged.
    """

    at: float
    use: Mapping[str, Use]
    ready: Mapping[str, bool]
    sent: int
    waiting: Mapping[str, float]


class Town:
    """The three services; one that ends is started again, and that is told."""

    def __init__(self, stack: Stack, kept: type[Kept], **settings: str) -> None:
        """Nothing runs yet."""
        self.stack = stack
        self.services = {name: kept(stack, name, **settings) for name in SERVICES if name != "alerts"}
        asked = self.services["metrics"].service.url
        self.services["alerts"] = kept(stack, "alerts", STADGA_METRICS_URL=asked, **settings)
        self.ends: list[str] = []
        self.began = time.monotonic()

    def begin(self) -> None:
        """Count seconds from here."""
        self.began = time.monotonic()

    @property
    def now(self) -> float:
        """Seconds from the start."""
        return time.monotonic() - self.began

    async def start(self) -> None:
        """Start all three."""
        for service in self.services.values():
            await service.start()

    async def stop(self) -> None:
        """Tell them to end, the way an operator would."""
        for service in self.services.values():
            if service.ended_with is None:
                await service.terminate()

    async def keep(self) -> None:
        """Start again what ends, as whoever runs the services does; until cancelled."""
        while True:
            for name, service in self.services.items():
                if (code := service.ended_with) is not None:
                    words = service.log.read_text("utf-8", "replace").splitlines()[-1:]
                    self.ends.append(f"{name} ended with {code} after {self.now:.0f} s: {' '.join(words)[:300]}")
                    await service.start()
            await asyncio.sleep(1)

    async def look(self, sent: int) -> Sample:
        """A sample."""
        ready, waiting = await self.asked()
        return Sample(self.now, await asyncio.to_thread(self._use), ready, sent, waiting)

    async def asked(self) -> tuple[dict[str, bool], dict[str, float]]:
        """Which service is ready, and what waits for it."""
        ready, waiting = {}, {}
        for name, service in self.services.items():
            ready[name], waiting[name] = await looked(service.service.url)
        return ready, waiting

    def _use(self) -> dict[str, Use]:
        pids = {name: service.pid for name, service in self.services.items()}
        pids |= {part: pid_of(self.stack, part) for part in INFRASTRUCTURE}
        return {name: used(pid) for name, pid in pids.items()} | {DRIVER: Use(memory(os.getpid()), time.process_time())}


async def looked(url: str) -> tuple[bool, float]:
    """Whether a service is ready, and how much waits for it; −1 if it does not answer."""
    try:
        async with httpx.AsyncClient(timeout=15, trust_env=False) as client:
            ready = (await client.get(f"{url}/readyz")).status_code == httpx.codes.OK
            lines = (await client.get(f"{url}/metrics")).text.splitlines()
    except httpx.HTTPError:
        return False, -1
    return ready, sum(float(line.split()[-1]) for line in lines if line.startswith(GAUGES))
