"""The services of a soak, with threads forced to switch, and how they are kept and looked at."""

import asyncio
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import httpx

from cli.local.stack import SERVICES, Stack
from tests.integration.metering import Killable

SWITCHING = "import runpy, sys; sys.setswitchinterval(1e-6); runpy.run_module('{}', run_name='__main__')"
"""Python gives each thread 5 ms by default: with a microsecond two threads meet wherever they can."""


class Forced(Killable):
    """A service whose threads take turns after every few instructions."""

    async def start(self) -> None:
        """Start, and do not wait until it answers."""
        self._log.parent.mkdir(exist_ok=True)
        with self._log.open("ab") as log_file:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", SWITCHING.format(self._program), env=self._environment, stderr=log_file
            )

    @property
    def log(self) -> Path:
        """Where it writes."""
        return self._log

    @property
    def ended_with(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.returncode if self._process else None

    @property
    def memory(self) -> float:
        """What it holds in memory, in MiB; 0 when it does not run."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text() if self._process else ""
        except OSError:
            return 0
        return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0)


class Sample(NamedTuple):
    """How it looked at a moment: seconds from the start, MiB and readiness by service, events sent and waiting."""

    at: float
    memory: dict[str, float]
    ready: dict[str, bool]
    sent: int
    waiting: dict[str, float]


class Town:
    """The three services; one that ends is started again, and that is told."""

    def __init__(self, stack: Stack, **settings: str) -> None:
        """Nothing runs yet."""
        self.stack = stack
        self.services = {name: Forced(stack, name, **settings) for name in SERVICES}
        self.ends: list[str] = []
        self.answers: Counter[int] = Counter()
        self._began = time.monotonic()

    def begin(self) -> None:
        """Count seconds from here."""
        self._began = time.monotonic()

    @property
    def now(self) -> float:
        """Seconds from the start."""
        return time.monotonic() - self._began

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
        ready, waiting = {}, {}
        for name, service in self.services.items():
            ready[name], waiting[name] = await looked(service.service.url)
        memory = {name: service.memory for name, service in self.services.items()}
        return Sample(self.now, memory, ready, sent, waiting)


async def looked(url: str) -> tuple[bool, float]:
    """Whether a service is ready, and how many messages wait for it; −1 if it does not answer."""
    try:
        async with httpx.AsyncClient(timeout=15, trust_env=False) as client:
            ready = (await client.get(f"{url}/readyz")).status_code == httpx.codes.OK
            lines = (await client.get(f"{url}/metrics")).text.splitlines()
    except httpx.HTTPError:
        return False, -1
    return ready, sum(float(x.split()[-1]) for x in lines if x.startswith("stadga_consumer_lag_messages{"))
