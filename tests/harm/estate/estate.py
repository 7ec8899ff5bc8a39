"""The estate as a whole: started, asked who leads, taken apart and put together again."""

import asyncio
import contextlib
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from types import MappingProxyType

import asyncpg
from aiokafka.client import AIOKafkaClient

from cli import private
from cli.connect.running import RunningFile
from cli.local.stack import Stack, StackError, migrations, ports
from cli.local.stack.managed import Managed
from cli.local.stack.part import Ports, StackPart
from cli.local.stack.python import MailboxPart, ServicePart
from shared.contracts.topics import ALL
from shared.kit import broker
from tests.conftest import here
from tests.harm.estate.brokers import COPIES, IN_SYNC, Broker
from tests.harm.estate.databases import Database
from tests.harm.estate.disk import disk
from tests.harm.estate.machine import HERE, Machine
from tests.polling import until

NODES = (1, 2, 3)
SERVICES = ("ingest", "metrics", "metrics-2", "alerts")
STARTS = 3
LOOPBACK = "127.0.0.1/32"
IN_STEP = "select 1 from pg_stat_replication where sync_state = 'sync' and state = 'streaming'"


class Service(ServicePart):
    """A service on a machine."""

    def __init__(self, name: str, folder: Path, settings: Mapping[str, str], machine: Machine) -> None:
        """``settings`` tell it where everything is."""
        super().__init__(name, folder, {**settings, "STADGA_HOST": machine.host})
        self._machine = machine
        self.ports_wanted = {"port": 0}

    @property
    def identity(self) -> list[str]:
        """Where it runs."""
        return list(self._machine.inside)

    def address(self, ports: Ports) -> str:
        """On its machine."""
        return f"http://{self._machine.host}:{ports['port']}"


class Estate:
    """Its parts by name: kafka-1 to kafka-3, postgres-1 and postgres-2, mailbox, and the services.

    ``machines`` says where a part runs, if not here; ``net`` are the addresses of all of them.
    """

    def __init__(self, home: Path, settings: Mapping[str, str], machines: Mapping[str, Machine], net: str) -> None:
        """Nothing is started yet."""
        self.home, self._machines, self._settings = home, machines, here(**settings)
        self.parts: dict[str, Managed] = {}
        self.brokers, self.databases = self._brokers(), self._databases(net)
        self._first, self._second = self.databases
        self.stack = Stack(home)

    def _on(self, part: str) -> Machine:
        return self._machines.get(part, HERE)

    def _brokers(self) -> list[Broker]:
        wanted = {f"{kind}-{node}": 0 for node in NODES for kind in ("broker", "controller")}
        chosen = ports.choose(wanted, {})
        peers = {node: (self._on(f"kafka-{node}"), chosen[f"controller-{node}"]) for node in NODES}
        own = {node: {kind: chosen[f"{kind}-{node}"] for kind in ("broker", "controller")} for node in NODES}
        return [Broker(node, self.home / f"kafka-{node}", own[node], peers) for node in NODES]

    def _databases(self, net: str) -> list[Database]:
        chosen = ports.choose({"1": 0, "2": 0}, {})
        return [
            Database(int(n), self.home / f"postgres-{n}", self._on(f"postgres-{n}"), net, port)
            for n, port in chosen.items()
        ]

    @property
    def first(self) -> str:
        """The name of the database that is written to."""
        return self._first.name

    @property
    def second(self) -> str:
        """The name of its copy."""
        return self._second.name

    @property
    def database_url(self) -> str:
        """Both servers: whichever is written to."""
        hosts = ",".join(database.host for database in self.databases)
        return f"postgresql://stadga@{hosts}/stadga?target_session_attrs=read-write"

    def address(self, part: str) -> str:
        """Where clients find it."""
        return self.parts[part].address

    async def start(self) -> None:
        """Everything but the services, with topics and tables."""
        await asyncio.gather(*(self._start(node) for node in self.brokers), self._start(self._first))
        self._second.of = self._first
        await asyncio.gather(self._start(self._second), self._start(MailboxPart(self.home / "mail")))
        servers = ",".join(self.address(node.name) for node in self.brokers)
        given = {
            "KAFKA_BOOTSTRAP_SERVERS": servers,
            "DATABASE_URL": self.database_url,
            "SMTP_URL": self.address("mailbox"),
        }
        self.stack = Stack(self.home, {**self._settings, **given})
        self._settings = {**self._settings, **given, "STADGA_REPLICATION": str(COPIES)}
        await self.stack.start(("kafka", "postgres", "mailbox"))
        await broker.create_topics(servers, ALL, COPIES, IN_SYNC)
        await migrations.migrate(self.database_url)
        await self.in_step()

    async def serve(self, **more: str) -> None:
        """The services; the one that asks another last."""
        for some in (SERVICES[:-1], SERVICES[-1:]):
            asked = {"STADGA_METRICS_URL": self.address("metrics")} if "metrics" in self.parts else {}
            settings = {**self._settings, **asked, **more}
            await asyncio.gather(
                *(self._start(Service(name, self.home / "run", settings, self._on(name))) for name in some)
            )

    async def _start(self, part: StackPart) -> None:
        self.parts[part.name] = managed = Managed(part, self.home, self._settings, leashed=True)
        await managed.start()

    def kill(self, part: str) -> None:
        """With −9."""
        self.parts[part].kill()

    def freeze(self, part: str) -> None:
        """Its process runs no further: what is sent to it is taken in, and never answered."""
        self._signal(part, signal.SIGSTOP)

    def thaw(self, part: str) -> None:
        """Its process runs on, and knows of nothing."""
        self._signal(part, signal.SIGCONT)

    async def does_without(self, part: str) -> None:
        """Wait until the other brokers have given one up."""
        (lost,) = (node for node in self.brokers if node.name == part)
        others = [self.address(node.name) for node in self.brokers if node is not lost]

        async def given_up() -> bool:
            client = AIOKafkaClient(bootstrap_servers=others)
            try:
                await client.bootstrap()
                return client.cluster.broker_metadata(lost.node) is None
            finally:
                await client.close()

        await until(given_up, f"the others to do without {part}")

    def _signal(self, part: str, number: signal.Signals) -> None:
        os.kill(RunningFile(self.home / "stack.json").read()[part].pid, number)

    async def relaunch(self, part: str) -> None:
        """Start it again where it was, as whoever runs it would, without waiting for an answer."""
        await self.parts[part].relaunch()

    async def answers(self, part: str) -> None:
        """Wait until it works, as it says itself."""
        await self.parts[part].answers()

    async def start_again(self, part: str) -> None:
        """As whoever runs it does once it has ended, until it stays; one that has not ended goes on by itself."""
        for _ in range(STARTS):
            if not self.parts[part].alive:
                await self.relaunch(part)
            with contextlib.suppress(StackError):
                return await self.answers(part)
        return await self.answers(part)

    def last_words(self, part: str) -> str:
        """The end of its log."""
        return self.stack.log(part).read_text("utf-8", "replace")[-500:]

    async def in_step(self) -> None:
        """Wait until the copy has all that is committed, and each commit waits for it."""

        async def copied() -> bool:
            return bool(await self.asked(IN_STEP))

        await until(copied, "the second database to be in step")

    async def asked(self, query: str) -> list[asyncpg.Record]:
        """The rows of a query to the first database; none while it is away."""
        try:
            connection = await asyncpg.connect(self.address(self.first), timeout=5)
        except (OSError, asyncpg.PostgresError):
            return []
        try:
            return list(await connection.fetch(query, timeout=30))
        finally:
            connection.terminate()

    async def fail_over(self) -> None:
        """The second database becomes the first, which has been killed or cannot be reached."""
        await asyncio.to_thread(self._second.promote)
        self._first, self._second = self._second, self._first

    async def do_without_copy(self) -> None:
        """Commits of the first database wait for nobody from now on."""
        await asyncio.to_thread(self._first.alone)

    async def copy_anew(self) -> None:
        """What was the first database forgets what it has, and becomes the copy of the other."""
        managed = self.parts[self.second]
        await managed.stop()
        self._second.forget()
        self._second.of = self._first
        await managed.start()

    async def stop(self) -> None:
        """The services first."""
        for some in (SERVICES, tuple(self.parts)):
            await asyncio.gather(*(self.parts[name].stop() for name in some if name in self.parts))


@contextlib.asynccontextmanager
async def estate(
    settings: Mapping[str, str],
    machines: Mapping[str, Machine] = MappingProxyType({}),
    net: str = LOOPBACK,
    small: str = "",
) -> AsyncIterator[Estate]:
    """One in a new folder, without services yet; ``small`` is a part whose disk is."""
    with tempfile.TemporaryDirectory(prefix="stadga-estate-") as folder, contextlib.ExitStack() as disks:
        home = Path(folder) / "estate"
        private.folder(home)
        if small:
            disks.enter_context(disk(home / small))
        made = Estate(home, settings, machines, net)
        try:
            await made.start()
            yield made
        finally:
            await made.stop()
