"""(o) The same log and job in Stadga and its peers, one after the other, each checked to come to the same facts."""

import asyncio
import csv
import os
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from benchmarks import bulk, replay
from benchmarks.peers import installing, job, streaming
from benchmarks.peers.job import Net
from benchmarks.peers.streaming import Streaming
from benchmarks.rig import put, rig, spent
from cli.local.stack.part import ROOT
from cli.local.stack.stack import Stack
from cli.simulation.log import simulate
from shared.contracts import envelope
from shared.contracts.envelope import CloudEvent

STREAM, WHOLE = "Stadga, as a stream", "Stadga, loaded whole"
KAFKA_STREAMS, QUIX, DUCKDB = "Kafka Streams 4.4.0", "Quix Streams 3.28.1", "DuckDB 2.0.1"
THREADS = os.cpu_count() or 1
BESIDE = ("kafka", "postgres")


class Run(NamedTuple):
    """Seconds that the log took, from start to commit; processor time of the program, and of Kafka and PostgreSQL."""

    seconds: float
    processor: float
    beside: float


class Compared(NamedTuple):
    """What all of them took for the same events and net facts, by name."""

    events: int
    facts: int
    runs: dict[str, Run]

    def times_faster(self, one: str, other: str) -> float:
        """How many times as fast one is as another."""
        return self.runs[other].seconds / self.runs[one].seconds

    def times_cheaper(self, one: str, other: str) -> float:
        """How many times the processor time of one another takes, with that of Kafka and PostgreSQL."""
        mine, others = self.runs[one], self.runs[other]
        return (others.processor + others.beside) / (mine.processor + mine.beside)


class Program(NamedTuple):
    """One of them: it runs to its last commit, in seconds, and tells then what facts it came to."""

    run: Callable[[], Awaitable[float]]
    facts: Callable[[], Awaitable[Net]]


async def measure(people: int = replay.PEOPLE, units: int = replay.UNITS) -> Compared:
    """Run all of them in turn; raises AssertionError where the facts of one are not those of Stadga's ledger."""
    python, classpath = await asyncio.to_thread(installing.python), await asyncio.to_thread(installing.kafka_streams)
    async with rig() as stack:
        log = stack.home / "log.jsonl"
        events = await put(stack, _written(_log(people, units), log))
        programs = {
            STREAM: _stadga(stack, "stream", events),
            KAFKA_STREAMS: _streamed(stack, streaming.kafka_streams(classpath, THREADS), events),
            QUIX: _streamed(stack, streaming.quix(python), events),
            WHOLE: _stadga(stack, "whole", events),
            DUCKDB: _batch(stack, python, log),
        }
        runs, facts = dict[str, Run](), dict[str, Net]()
        for name, program in programs.items():
            runs[name] = await _measured(stack, program)
            facts[name] = await program.facts()
            _check(name, facts[name], facts[STREAM])
        return Compared(events, len(facts[STREAM]), runs)


def _log(people: int, units: int) -> Iterator[CloudEvent]:
    first = replay.LAST - timedelta(days=replay.DAYS)
    return simulate(1, people, units, first=first, last=replay.LAST, hostility=0.1)


def _written(events: Iterable[CloudEvent], log: Path) -> Iterator[CloudEvent]:
    """The events, each written to a file on its way."""
    with log.open("wb") as file:
        for event in events:
            file.write(envelope.encode(event) + b"\n")
            yield event


async def _measured(stack: Stack, program: Program) -> Run:
    before, beside = bulk.processor(), _beside(stack)
    seconds = await program.run()
    return Run(seconds, bulk.processor() - before, _beside(stack) - beside)


def _beside(stack: Stack) -> float:
    return sum(spent(stack, part) for part in BESIDE)


def _check(name: str, facts: Net, own: Net) -> None:
    if not own or facts != own:
        wrong = [fact for fact in own.keys() | facts.keys() if own.get(fact) != facts.get(fact)]
        raise AssertionError(f"{name}: {len(wrong):,} of {len(own):,} facts are others, such as {wrong[:3]}")


def _stadga(stack: Stack, way: str, events: int) -> Program:
    return Program(lambda: bulk.run(stack, way, events), lambda: job.in_ledger(bulk.database(stack, way)))


def _streamed(stack: Stack, peer: Streaming, events: int) -> Program:
    return Program(lambda: streaming.run(stack, peer, events), lambda: streaming.facts(stack, peer))


def _batch(stack: Stack, python: Path, log: Path) -> Program:
    database, facts = stack.home / "peer.duckdb", stack.home / "facts.csv"

    async def run() -> float:
        began = monotonic()
        command = (python, "-m", "benchmarks.peers.duck", log, database, facts)
        process = await asyncio.create_subprocess_exec(*command, env={**os.environ, "PYTHONPATH": str(ROOT)})
        if await process.wait():
            raise RuntimeError(f"{DUCKDB} ended with {process.returncode}")
        return monotonic() - began

    async def told() -> Net:
        return await asyncio.to_thread(_read, facts)

    return Program(run, told)


def _read(facts: Path) -> Net:
    with facts.open(newline="") as file:
        rows = csv.DictReader(file)
        return job.net((f"{row['unit']}|{row['measure']}|{row['day']}", int(row["amount"])) for row in rows)
