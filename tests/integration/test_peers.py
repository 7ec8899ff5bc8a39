"""The job that Stadga's peers are measured at, in Python and in Java, comes to the facts of Stadga's own ledger.

Both count here without a stream around them. What runs in Kafka Streams, Quix Streams and DuckDB is checked against the
ledger whenever it is measured (``make bench ARGS=peers``), as these libraries are installed for that alone.
"""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from benchmarks.peers import counting, event, installing, job, person
from benchmarks.peers.job import Net
from cli.local.stack import java, kafka
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record import incoming
from services.metrics.domain.record.memory import Memory
from tests import builders as make
from tests.integration import mixed_logs


def own(log: list[make.Event]) -> Net:
    """By the folds of the metrics service."""

    def changes() -> Iterator[tuple[str, int]]:
        people = Memory()
        for message in log:
            arrival, tally = incoming.read(json.dumps(message).encode()), Tally()
            if arrival:
                people.fold({arrival.subject: [arrival.told]}, tally)
            for fact in tally.facts():
                if fact.measure in job.MEASURES:
                    yield job.key(fact.cell.unit, fact.measure, fact.day), fact.delta

    return job.net(changes())


def in_python(log: list[make.Event]) -> Net:
    """By the peer in Python."""

    def changes() -> Iterator[tuple[str, int]]:
        people: dict[str, dict[str, event.Event]] = {}
        for message in log:
            if arrived := event.read(message):
                subject = message["subject"]
                told = people.setdefault(subject, {})
                for fact, amount in person.take(told, arrived, subject.removeprefix("person/")).items():
                    yield counting.written(*fact), amount

    return job.net(changes())


async def in_java(log: list[make.Event], folder: Path) -> Net:
    """By the peer in Java, compiled with what the broker brings."""
    sources = [path for path in installing.SOURCES.glob("*.java") if path.stem != "Streamed"]
    classes = await asyncio.to_thread(installing.compiled, java.classpath(kafka.CLASSPATHS), folder, *sources)
    lines = "".join(json.dumps(message) + "\n" for message in log)
    done = await asyncio.to_thread(
        subprocess.run,
        [java.java(), "-cp", classes, "peers.Folded"],
        input=lines, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return job.net((fact, int(amount)) for fact, _, amount in (x.partition("\t") for x in done.stdout.splitlines()))


async def test_a_hostile_log_in_any_order(tmp_path: Path):
    """Corrections, retractions, repeats and contradictions of small municipalities: the same facts of each measure."""
    log = mixed_logs.shuffled([*mixed_logs.simulated(), *mixed_logs.hostile()])
    facts = own(log)
    assert {fact.split("|")[1] for fact in facts} == set(job.MEASURES.values())
    assert in_python(log) == facts
    assert await in_java(log, tmp_path / "classes") == facts
