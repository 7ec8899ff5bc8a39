"""A running metrics service, and what it must come to: the same log folded in memory."""

import asyncio
import resource
import sys
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from signal import SIGTERM, Signals
from typing import Any, NamedTuple

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from cli.local.stack import Stack, migrations, ports, topics
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.memory import Memory, by_subject
from services.metrics.domain.sums.groups import Group
from shared.contracts.prometheus import AHEAD, AHEAD_LABELS, BUSINESS, LABELS, Gauge
from shared.contracts.topics import HR_EVENTS
from shared.kit.broker import administration
from tests import builders as make
from tests.conftest import here
from tests.polling import PATIENCE, until
from tests.unit.metrics.folding import received

TODAY = "2024-05-01"
NET = """
select unit, occupation, gender, age, measure, day, sum(delta)::bigint as delta
from metrics.facts join metrics.cells on cells.id = facts.cell
group by 1, 2, 3, 4, 5, 6 having sum(delta) <> 0
"""
NEXT = "select part, greatest(next, reached) as next from metrics.offsets"
"""The mark of a transaction takes a place, too."""
ANOMALIES = "select kind, sum(delta)::bigint as delta from metrics.anomalies group by 1 having sum(delta) <> 0"

Facts = dict[tuple[str, str, str, str, int, int], int]
Values = dict[str, dict[str, Any]]


class Message(NamedTuple):
    """What a producer sends to hr.events; ``partition`` None leaves it to the key."""

    value: bytes | None
    key: bytes | None = None
    partition: int | None = None
    headers: Sequence[tuple[str, bytes]] = ()


def message(event: make.Event, partition: int | None = None) -> Message:
    """An event as ingest would send it."""
    return Message(make.encoded(event), event["subject"].encode(), partition)


async def send(servers: str, messages: Iterable[Message]) -> None:
    """Send the messages in order."""
    async with AIOKafkaProducer(bootstrap_servers=servers, acks="all", linger_ms=20) as producer:
        for value, key, partition, headers in messages:
            await producer.send(HR_EVENTS.name, value, key, partition, headers=list(headers))
        await producer.flush()


@asynccontextmanager
async def standing(folder: Path, *services: str, **settings: str) -> AsyncIterator[Stack]:
    """A stack of Kafka, PostgreSQL and the parts named, whose today is fixed."""
    stack = Stack(folder, here(**{"STADGA_TODAY": TODAY} | settings), leashed=True)
    try:
        await stack.start(["kafka", "postgres"])
        await topics.create(stack.kafka_bootstrap_servers)
        await migrations.migrate(stack.database_url)
        await stack.start(services)
        yield stack
    finally:
        await stack.stop()


class Killable:
    """A service process of the test's own, on the parts that a stack has started, to be killed and started again."""

    def __init__(self, stack: Stack, module: str, program: str | None = None, **settings: str) -> None:
        """It gets a port that it keeps; ``program`` is another release of the service."""
        variable = f"STADGA_{module.upper()}_PORT"
        port = str(ports.choose({module: 0}, {})[module])
        self.service = Service(f"http://127.0.0.1:{port}")
        self._program, self._log = program or f"services.{module}", stack.log(f"{module}-{port}")
        self._environment = here(**{"STADGA_TODAY": TODAY, variable: port} | stack.environment() | settings)
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start, and do not wait until it answers."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log_file:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", self._program, env=self._environment, stderr=log_file
            )

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self._process is not None
        return self._process.pid

    def allow_files(self, number: int) -> None:
        """Give it no more than so many open files and connections."""
        assert self._process is not None
        resource.prlimit(self._process.pid, resource.RLIMIT_NOFILE, (number, number))

    def kill(self) -> None:
        """End it as a crash would."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    def send(self, number: Signals) -> None:
        """Send a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    async def ended(self) -> int:
        """Wait until it has ended; its exit code."""
        return await self._process.wait() if self._process is not None else 0

    async def terminate(self) -> int:
        """Tell it to stop, and wait until it did; its exit code."""
        self.send(SIGTERM)
        return await self.ended()


@asynccontextmanager
async def killable(stack: Stack, module: str, program: str | None = None, **settings: str) -> AsyncIterator[Killable]:
    """A process that has been started, and is gone afterwards."""
    process = Killable(stack, module, program, **settings)
    await process.start()
    try:
        yield process
    finally:
        process.kill()
        await process.ended()


async def fetch(url: str, query: str) -> list[asyncpg.Record]:
    """The rows of a query."""
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(query))
    finally:
        await connection.close()


async def net_facts(url: str) -> Facts:
    """What the ledger's deltas add up to, by cell, measure and day."""
    return {tuple(row)[:6]: row["delta"] for row in await fetch(url, NET)}


async def net_anomalies(url: str) -> dict[str, int]:
    """Contradictions on record."""
    return {row["kind"]: row["delta"] for row in await fetch(url, ANOMALIES)}


def clean_pass(events: Iterable[make.Event]) -> tuple[Facts, dict[str, int]]:
    """Facts and anomalies of the log folded once, in memory."""
    memory, tally = Memory(), Tally()
    memory.fold(by_subject(map(received, events)), tally)
    facts = {(*cell, measure, day): delta for (cell, measure, day), delta in tally.deltas.items() if delta}
    return facts, {kind: count for kind, count in tally.anomalies.items() if count}


async def caught_up(stack: Stack, url: str = "") -> None:
    """Wait until PostgreSQL, or the database of this URL, holds all that hr.events does.

    Of a transaction that is said to be over the mark may be written after the end was asked for: it is read as well.
    """
    end = await ends(stack.kafka_bootstrap_servers)

    async def is_there() -> bool:
        try:
            found = await fetch(url or stack.database_url, NEXT)
        except (OSError, asyncpg.PostgresError):
            return False
        read = {row["part"]: row["next"] for row in found}
        return all(read.get(part, 0) >= last for part, last in end.items())

    await until(is_there, f"all {sum(end.values())} messages to be folded")


async def told_of(stack: Stack) -> None:
    """Wait until PostgreSQL holds all that hr.events does, and all of it has been told of."""
    await caught_up(stack)

    async def is_told() -> bool:
        [row] = await fetch(stack.database_url, UNTOLD)
        return row["count"] == 0

    await until(is_told, "health to be told of")


UNTOLD = """
select count(*) from metrics.batches
where not pg_visible_in_snapshot(tx, coalesce((select snapshot from metrics.told), '1:1:')::pg_snapshot)
"""


async def ends(servers: str) -> dict[int, int]:
    """By partition of hr.events that holds any, how many messages."""
    async with administration(servers) as admin:
        (count,) = [len(t["partitions"]) for t in await admin.describe_topics() if t["topic"] == HR_EVENTS.name]
    async with AIOKafkaConsumer(bootstrap_servers=servers) as consumer:
        found = await consumer.end_offsets([TopicPartition(HR_EVENTS.name, n) for n in range(count)])
    return {tp.partition: offset for tp, offset in found.items() if offset}


class Service(NamedTuple):
    """The HTTP side of one metrics service."""

    url: str

    async def ask(self, path: str, **question: str) -> httpx.Response:
        """One GET; a service that is away answers 503."""
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            try:
                return await client.get(self.url + path, params=question)
            except httpx.TransportError as error:
                return httpx.Response(503, text=repr(error))

    async def values(self, as_of: str, **question: str) -> Values:
        """Every unit's values as of a day; none while nobody knows the unit that is asked for."""
        answer = await self.ask("/v1/metrics", as_of=as_of, **question)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return {}
        assert answer.status_code == httpx.codes.OK, answer.text
        return {group["unit"]: group["metrics"] for group in answer.json()["groups"]}

    async def groups(self, as_of: str, **question: str) -> dict[Group, dict[str, Any]]:
        """Every group's values as of a day, as ``stadga compute`` writes them; none of a unit that nobody knows."""
        answer = await self.ask("/v1/metrics", as_of=as_of, **question)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return {}
        assert answer.status_code == httpx.codes.OK, answer.text
        groups = {tuple(row[side] for side in Group._fields): row["metrics"] for row in answer.json()["groups"]}
        return {Group(*group): without_definitions({"": found})[""] for group, found in groups.items()}

    async def exposed(self) -> dict[tuple[str, ...], float]:
        """Today's business metrics as Prometheus reads them, by series, unit and occupation."""
        return await self._shown(BUSINESS, LABELS)

    async def exposed_ahead(self) -> dict[tuple[str, ...], float]:
        """Those of the days ahead, by series, unit, occupation and days."""
        return await self._shown(AHEAD, AHEAD_LABELS)

    async def _shown(self, gauges: Mapping[str, Gauge], labels: Sequence[str]) -> dict[tuple[str, ...], float]:
        names = {gauge.name for gauge in gauges.values()}
        return {(s.name, *(s.labels[n] for n in labels)): s.value for s in await self._samples() if s.name in names}

    async def counted(self, name: str, **labels: str) -> float:
        """The sum of the samples of a process metric."""
        return sum(s.value for s in await self._samples() if s.name == name and labels.items() <= s.labels.items())

    async def _samples(self) -> list[Sample]:
        """What a scrape reads; nothing while the service is away."""
        answer = await self.ask("/metrics")
        families = text_string_to_metric_families(answer.text if answer.is_success else "")
        return [sample for family in families for sample in family.samples]

    async def ready(self) -> bool:
        """Whether every part works."""
        return (await self.ask("/readyz")).status_code == httpx.codes.OK and not await self.problems()

    async def alive(self) -> bool:
        """Whether every task of the process runs."""
        return (await self.ask("/healthz")).status_code == httpx.codes.OK

    async def problems(self) -> dict[str, str]:
        """What each part that does not work says."""
        answer = await self.ask("/readyz")
        if not answer.headers.get("content-type", "").startswith("application/json"):
            return {"service": answer.text}
        return {part["name"]: part["problem"] for part in answer.json()["parts"] if part["problem"]}


def metrics(stack: Stack, name: str = "metrics") -> Service:
    """The metrics service of a stack, or another replica of it."""
    return Service(stack.address(name))


def without_definitions(values: Values) -> Values:
    """Values as ``stadga compute`` writes them."""
    return {
        unit: {name: {k: v for k, v in number.items() if k != "definition"} for name, number in found.items()}
        for unit, found in values.items()
    }
