"""(o) What folding takes of the processor by itself: a log through a store in memory, without Kafka and PostgreSQL."""

from collections import Counter, defaultdict
from datetime import timedelta
from time import process_time
from typing import NamedTuple

from benchmarks import replay
from cli.simulation.log import simulate
from services.metrics.domain.facts.entry import ReadEntry, entry_of
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.memory import Memory, by_subject

PEOPLE, UNITS, DAYS = 600, 12, 365
BATCH = 300
"""Events of a batch: as many a person as in a batch of 5,000 of the log of a replay."""
Arrived = list[tuple[str, ReadEntry]]


class Cost(NamedTuple):
    """Microseconds an event in batches, and of one event by itself by type, of the later half; by share of the sum."""

    events: int
    in_batches: float
    alone: dict[str, float]


def measure() -> Cost:
    """Fold a year of a municipality in batches, then its later half event by event."""
    first = replay.LAST - timedelta(days=DAYS)
    log = simulate(1, PEOPLE, UNITS, first=first, last=replay.LAST, hostility=0.1)
    told = [(event.subject, entry_of(event)) for event in log if not event.subject.startswith("measure/")]
    began = process_time()
    _in_batches(told)
    return Cost(len(told), (process_time() - began) / len(told) * 1e6, _alone(told))


def _in_batches(told: Arrived) -> Memory:
    memory = Memory()
    for start in range(0, len(told), BATCH):
        memory.fold(by_subject(told[start : start + BATCH]), Tally())
    return memory


def _alone(told: Arrived) -> dict[str, float]:
    half = len(told) // 2
    memory, spent, events = _in_batches(told[:half]), defaultdict[str, float](float), Counter[str]()
    for subject, one in told[half:]:
        began = process_time()
        memory.fold({subject: [one]}, Tally())
        spent[one.entry.type] += process_time() - began
        events[one.entry.type] += 1
    return {type_: spent[type_] / events[type_] * 1e6 for type_ in sorted(spent, key=lambda type_: -spent[type_])}
