"""A stack of the benchmark's own, logs put on ``hr.events``, and the ledger as a clock of what was committed."""

import asyncio
import contextlib
import json
import os
import tempfile
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import NamedTuple

import asyncpg
import httpx
from aiokafka import AIOKafkaProducer

from cli.local.stack import Stack, migrations, topics
from services.compiled import PURE
from shared.contracts import envelope
from shared.contracts.envelope import CloudEvent
from shared.contracts.topics import HR_EVENTS

PORTION = 20_000
POLL_SECONDS = 0.1
SETTLED_SECONDS = 5


class Batch(NamedTuple):
    """A committed batch: when (seconds), its events and its facts."""

    at: float
    events: int
    facts: int


@contextlib.asynccontextmanager
async def rig(**settings: str) -> AsyncIterator[Stack]:
    """Kafka, PostgreSQL and a mailbox in a new folder, with topics and tables, and services to be started.

    Logs are taken in as a stream unless a setting says otherwise.
    """
    with tempfile.TemporaryDirectory(prefix="stadga-bench-") as folder:
        given = {"PATH": "/usr/bin:/bin:/usr/local/bin", "STADGA_LOAD": "0", PURE: os.environ.get(PURE, "")}
        stack = Stack(Path(folder), {**given, **settings}, leashed=True)
        try:
            await stack.start(("kafka", "postgres", "mailbox"))
            await topics.create(stack.kafka_bootstrap_servers)
            await migrations.migrate(stack.database_url)
            yield stack
        finally:
            await stack.stop()


async def put(stack: Stack, events: Iterable[CloudEvent]) -> int:
    """Put events on ``hr.events`` as ingest would; returns how many."""
    producer = AIOKafkaProducer(
        bootstrap_servers=stack.kafka_bootstrap_servers, linger_ms=20, max_batch_size=1 << 18, compression_type="lz4"
    )
    await producer.start()
    count, waiting = 0, []
    try:
        for event in events:
            waiting.append(await producer.send(HR_EVENTS.name, envelope.encode(event), event.subject.encode()))
            count += 1
            if len(waiting) == PORTION:
                await asyncio.gather(*waiting)
                waiting.clear()
        await asyncio.gather(*waiting)
    finally:
        await producer.stop()
    return count


async def committed(stack: Stack, events: int) -> list[Batch]:
    """Wait until that many events are in the ledger's transactions; returns every batch with its commit's time."""
    connection = await asyncpg.connect(stack.database_url)
    try:
        while await connection.fetchval("select coalesce(sum(next), 0) from metrics.offsets") < events:
            await asyncio.sleep(POLL_SECONDS)
        rows = await connection.fetch(
            "select extract(epoch from at)::float8 as at, events, facts from metrics.batches order by id"
        )
        return [Batch(*row) for row in rows]
    finally:
        await connection.close()


def peak_memory(stack: Stack, part: str) -> float:
    """The most memory a part's process ever held, in MiB."""
    status = Path(f"/proc/{pid_of(stack, part)}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def spent(stack: Stack, part: str) -> float:
    """Seconds of processor time of a part's process, of those below it and of those that ended there."""
    return seconds_of(below(pid_of(stack, part)))


def pid_of(stack: Stack, part: str) -> int:
    """The number of a part's process."""
    return int(json.loads((stack.home / "stack.json").read_text())[part]["pid"])


def below(pid: int) -> set[int]:
    """A process and all that it, and those, have started."""
    parents = {number: parent for number, parent, _ in _stats()}
    found = {pid} & parents.keys()
    while more := {number for number, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def seconds_of(pids: set[int]) -> float:
    """Seconds of processor time of processes, with what ended below them."""
    return sum(ticks for number, _, ticks in _stats() if number in pids) / os.sysconf("SC_CLK_TCK")


def _stats() -> list[tuple[int, int, int]]:
    return list(filter(None, map(_stat, Path("/proc").glob("[0-9]*/stat"))))


def _stat(path: Path) -> tuple[int, int, int] | None:
    """A process, its parent, and its ticks with those of its ended children; None if it is gone."""
    try:
        fields = path.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(path.parent.name), int(fields[1]), sum(map(int, fields[11:15]))


async def published(stack: Stack) -> None:
    """Wait until the metrics process has published values and rests."""
    before = -1.0
    while not (now := await figure(stack, "stadga_metrics_published_total")) or now != before:
        before = now
        await asyncio.sleep(SETTLED_SECONDS)


async def figure(stack: Stack, series: str) -> float:
    """A figure the metrics process tells of itself; 0 of one that it has nothing to say of yet."""
    async with httpx.AsyncClient(timeout=60) as client:
        text = (await client.get(f"{stack.address('metrics')}/metrics")).text
    return float(next((x for x in text.splitlines() if x.startswith(f"{series} ")), "0 0").split()[1])
