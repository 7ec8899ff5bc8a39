"""The stack as a whole: which parts there are, in what order they start and stop, what they tell each other."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from pathlib import Path
from typing import Any

from cli import private
from cli.local.stack import external
from cli.local.stack.child import Hold
from cli.local.stack.errors import StackError
from cli.local.stack.kafka import Kafka
from cli.local.stack.managed import Managed
from cli.local.stack.part import ROOT, StackPart
from cli.local.stack.postgres import Postgres
from cli.local.stack.python import PORTS, MailboxPart, ServicePart
from shared.contracts.tenants import Tenant, not_a_tenant
from shared.language.said import Said

INFRASTRUCTURE = ("kafka", "postgres", "mailbox")
SERVICES = tuple(PORTS)
LOCAL: Mapping[str, tuple[Callable[[Path], StackPart], str]] = {
    "kafka": (Kafka, "kafka"),
    "postgres": (Postgres, "postgres"),
    "mailbox": (MailboxPart, "mail"),
}
"""How each part of the infrastructure is made here, and its folder."""
PLANS = str(ROOT / "deploy" / "plans" / "socialsekreterare.yaml")
"""The plan the alerts service reads unless STADGA_PLANS names others."""
ASKS = "alerts"
"""The service whose pages ask the metrics service: it starts after that one, and is told where it is."""
Say = Callable[[str, Said], None]
"""Told what happens to which part."""
STARTING, STARTED, REUSED = Said("startas", "starting"), Said("startad", "started"), Said("kördes redan", "reused")
STOPPING, STOPPED = Said("stoppas", "stopping"), Said("stoppad", "stopped")
ELSEWHERE = Said("körs på annat håll", "runs elsewhere")
WAITS = Said("väntar på att en annan körning ska starta klart", "waits for another run to finish starting")


class Stack:
    """The parts under one folder. All methods but ``kill`` are coroutines; start and stop from the main thread.

    ``environment`` is what the parts see, and tells which of them run elsewhere. A ``leashed`` stack ends with this
    process, however that ends; otherwise what is left by a crash is reused by the next run, which then owns it.
    """

    def __init__(
        self,
        home: Path = Path(".stadga"),
        environment: Mapping[str, str] = os.environ,
        say: Say = lambda _part, _what: None,
        *,
        leashed: bool = False,
    ) -> None:
        """Nothing is started yet."""
        self.home = home
        self._given = environment
        self.say = say
        self._leashed = leashed
        self._managed: dict[str, Managed] = {}
        self._elsewhere: dict[str, str] = {}

    @property
    def tenant(self) -> Tenant:
        """Whose the services are; raises StackError for a name that none can have."""
        name = self._given.get("STADGA_TENANT", "")
        if name and (fault := not_a_tenant(name)):
            raise StackError(f"STADGA_TENANT={name!r}: {fault}", f"STADGA_TENANT={name!r}: {fault}")
        return Tenant(name)

    @property
    def kafka_bootstrap_servers(self) -> str:
        """``host:port,…``."""
        return self.address("kafka")

    @property
    def database_url(self) -> str:
        """``postgresql://…``."""
        return self.address("postgres")

    @property
    def smtp_url(self) -> str:
        """``smtp://…``."""
        return self.address("mailbox")

    @property
    def mail_folder(self) -> Path:
        """Where the mailbox keeps what it gets, as .eml files whose names sort by arrival."""
        return self.home / LOCAL["mailbox"][1]

    def address(self, part: str) -> str:
        """Where clients find a started part: a URL, for Kafka its bootstrap servers."""
        if part in self._elsewhere:
            return self._elsewhere[part]
        if part not in self._managed:
            raise StackError(f"{part} har inte startats", f"{part} has not been started")
        return self._managed[part].address

    def log(self, part: str) -> Path:
        """Where a part's output goes."""
        return self.home / "logs" / f"{part}.log"

    def environment(self) -> dict[str, str]:
        """The settings by which a child process finds what has been started."""
        started = (part for part in INFRASTRUCTURE if part in self._elsewhere or part in self._managed)
        return {external.VARIABLES[part]: self.address(part) for part in started}

    async def start(self, parts: Iterable[str] = (*INFRASTRUCTURE, *SERVICES)) -> None:
        """Have the parts running and answering, reusing what does. Raises StackError when one cannot be had."""
        wanted = tuple(parts)
        async with self._alone():
            await self._together(self._start_infrastructure(part) for part in wanted if part in INFRASTRUCTURE)
            services = [part for part in wanted if part not in INFRASTRUCTURE]
            await self._together(self._start_service(part) for part in services if part != ASKS)
            await self._together(self._start_service(part) for part in services if part == ASKS)

    async def restart(self, part: str) -> None:
        """Start the part anew on its old ports, and wait until it answers; one that still runs is stopped first."""
        await self.relaunch(part)
        await self._managed[part].answers()

    async def relaunch(self, part: str) -> None:
        """As ``restart``, without waiting until the part answers: for a crash that meets another crash."""
        async with self._alone():
            await self._managed[part].relaunch()

    def kill(self, part: str) -> None:
        """End a part as a crash would (SIGKILL)."""
        self._managed[part].kill()

    def dead(self) -> list[str]:
        """The started parts whose process has ended by itself."""
        return [name for name, managed in self._managed.items() if managed.ours and not managed.alive]

    async def stop(self) -> None:
        """Stop what belongs to this run: the services first, then what they stand on."""
        await self._together(self._stop(name) for name in self._managed if name not in INFRASTRUCTURE)
        await self._together(self._stop(name) for name in self._managed if name in INFRASTRUCTURE)

    async def _start_infrastructure(self, part: str) -> None:
        elsewhere = external.given(part, self._given)
        if elsewhere:
            await external.check(part, elsewhere)
            self._elsewhere[part] = elsewhere
            self.say(part, ELSEWHERE)
            return
        make, folder = LOCAL[part]
        await self._start(make(self.home / folder))

    async def _start_service(self, name: str) -> None:
        asked = {"STADGA_METRICS_URL": self.address("metrics")} if "metrics" in self._managed and name == ASKS else {}
        settings = {"STADGA_PLANS": PLANS, **asked, **self._chosen(), **self.environment()}
        await self._start(ServicePart(name, self.home / "run", settings))

    async def _start(self, part: StackPart) -> None:
        managed = self._managed.setdefault(
            part.name, Managed(part, self.home, self._given, leashed=self._leashed or part.name not in INFRASTRUCTURE)
        )
        self.say(part.name, STARTING)
        self.say(part.name, REUSED if await managed.start() else STARTED)

    def _chosen(self) -> dict[str, str]:
        """What the caller says of the services: a service with other settings cannot be reused."""
        return {name: value for name, value in self._given.items() if name.startswith("STADGA_")}

    async def _stop(self, name: str) -> None:
        if self._managed[name].ours:
            self.say(name, STOPPING)
            await self._managed[name].stop()
            self.say(name, STOPPED)

    @staticmethod
    async def _together(steps: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Run the steps side by side; when one fails the others are waited for, and its error is raised."""
        results = await asyncio.gather(*steps, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """One run at a time starts parts of this folder."""
        private.folder(self.home)
        turn = Hold(self.home / "run" / "start.lock")
        while not turn.take():
            self.say("stack", WAITS)
            await asyncio.sleep(0.5)
        try:
            yield
        finally:
            turn.release()
