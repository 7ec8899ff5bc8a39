"""A peer that is a stream: run on the topic of events until it has committed its last output, which is then read."""

import asyncio
import json
import os
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from signal import Signals
from time import monotonic
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from benchmarks.peers import job
from benchmarks.peers.job import Net
from benchmarks.rig import POLL_SECONDS
from cli.local.stack import java
from cli.local.stack.child import leash
from cli.local.stack.part import ROOT
from cli.local.stack.stack import Stack
from shared.contracts.topics import FOREVER, HR_EVENTS, Topic
from shared.kit import broker

PATIENCE_SECONDS = 3_600
READING_SECONDS = 300


class Streaming(NamedTuple):
    """A peer's group of consumers; how it is started, given brokers, topics of events and facts and a folder; and what
    amount a message of it tells."""

    group: str
    command: Callable[[str, str, str, Path], list[str]]
    amount: Callable[[bytes], int]


def kafka_streams(classpath: str, threads: int) -> Streaming:
    """The peer in Java."""
    program = [java.java(), "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", classpath, "peers.Streamed"]
    return Streaming("peer-kafka-streams", lambda *given: [*program, *map(str, given), str(threads)], int)


def quix(python: Path) -> Streaming:
    """The peer in Python."""
    program = [str(python), "-m", "benchmarks.peers.quix"]
    return Streaming("peer-quix", lambda *given: [*program, *map(str, given)], _amount)


def _amount(message: bytes) -> int:
    amount: int = json.loads(message)["amount"]
    return amount


async def run(stack: Stack, peer: Streaming, events: int) -> float:
    """Seconds from the start of a peer until it has committed the last of so many events; it has ended then."""
    out = Topic(_facts(peer), "fact", HR_EVENTS.partitions, FOREVER, "changes of facts")
    await broker.create_topics(stack.kafka_bootstrap_servers, (out,), 1)
    folder = stack.home / peer.group
    given = peer.command(stack.kafka_bootstrap_servers, HR_EVENTS.name, out.name, folder)
    command = [*leash(Signals.SIGKILL), *given]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    began = monotonic()
    with stack.log(peer.group).open("wb") as log:
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=log, stderr=log)
    try:
        await _committed(stack, peer, events, process)
        return monotonic() - began
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def facts(stack: Stack, peer: Streaming) -> Net:
    """What a peer told, as readers of what is committed see it."""
    consumer = AIOKafkaConsumer(bootstrap_servers=stack.kafka_bootstrap_servers, isolation_level="read_committed")
    await consumer.start()
    try:
        partitions = [TopicPartition(_facts(peer), n) for n in range(HR_EVENTS.partitions)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        return job.net([change async for change in _changes(consumer, partitions, peer.amount)])
    finally:
        await consumer.stop()


async def _committed(stack: Stack, peer: Streaming, events: int, process: Process) -> None:
    """Positions are committed in the transaction of what was put out."""
    deadline, done = monotonic() + PATIENCE_SECONDS, 0
    async with broker.administration(stack.kafka_bootstrap_servers) as admin:
        while done < events:
            if process.returncode is not None or monotonic() > deadline:
                said = stack.log(peer.group).read_text(errors="replace")[-2_000:]
                raise RuntimeError(f"{peer.group} committed {done:,} of {events:,} events:\n{said}")
            await asyncio.sleep(POLL_SECONDS)
            positions = await admin.list_consumer_group_offsets(peer.group)
            done = sum(at.offset for of, at in positions.items() if of.topic == HR_EVENTS.name and at.offset > 0)


async def _changes(
    consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition], amount: Callable[[bytes], int]
) -> AsyncIterator[tuple[str, int]]:
    """Everything on some partitions, as far as they now go."""
    ends, deadline = await consumer.end_offsets(partitions), monotonic() + READING_SECONDS
    while any([await consumer.position(one) < ends[one] for one in partitions]):
        if monotonic() > deadline:
            raise TimeoutError(f"the facts of {partitions[0].topic} are not read within {READING_SECONDS} s")
        for records in (await consumer.getmany(timeout_ms=500)).values():
            for record in records:
                yield record.key.decode(), amount(record.value)


def _facts(peer: Streaming) -> str:
    return f"{peer.group}.facts"
