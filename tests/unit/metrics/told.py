"""``python -P told.py LOG``: what a log comes to in this process, and whether it runs compiled.

It imports nothing of the tests: whatever does runs pure.
"""

import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import NamedTuple

import msgspec

from services.metrics.domain.facts import tally as module
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.entry import ReadEntry
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.contradictions import events, of_kind, read
from services.metrics.domain.record.held import Held
from services.metrics.domain.record.incoming import read as read_message
from services.metrics.domain.record.memory import Memory, by_subject
from services.metrics.domain.record.over_careers import OverCareers
from services.metrics.domain.record.record import Stored
from services.metrics.domain.record.refold import content, refold

BATCHES = 40


class Told(NamedTuple):
    """Whether compiled; facts and anomalies in batches, in hand and counted anew; records; what contradicts."""

    compiled: bool
    in_batches: list[object]
    in_hand: list[object]
    anew: list[object]
    records: list[object]
    contradicting: list[object]


def net(tally: Tally) -> list[object]:
    """What is left of a tally."""
    facts = sorted((*cell, int(measure), day, delta) for (cell, measure, day), delta in tally.deltas.items() if delta)
    return [facts, sorted((kind, count) for kind, count in tally.anomalies.items() if count)]


def batches(log: Path) -> Iterator[dict[str, list[ReadEntry]]]:
    """The events of a file in any order, a fifth of them twice, by subject."""
    told = [(one.subject, one.told) for line in log.read_bytes().splitlines() if (one := read_message(line))]
    chance = random.Random(1)  # noqa: S311  (a seed makes the same order each time)
    told += chance.sample(told, len(told) // 5)
    chance.shuffle(told)
    size = -(-len(told) // BATCHES)
    return (by_subject(told[start : start + size]) for start in range(0, len(told), size))


def tell(log: Path) -> Told:
    """Fold a log in every way there is."""
    stored, in_batches, in_hand, anew = Memory(), Tally(), Tally(), Tally()
    held, over = dict[str, Held](), OverCareers()
    for batch in batches(log):
        stored.fold(batch, in_batches)
        for subject, arrivals in batch.items():
            held.setdefault(subject, Held(subject, over)).fold(arrivals, in_hand, 0)
    _lay(over, in_hand)
    for subject, rows in stored.rows.items():
        refold(subject, list(rows.values()), anew)
    ways = map(net, (in_batches, in_hand, anew))
    quick = not module.__file__.endswith(".py")
    return Told(quick, *ways, _records(stored), _contradicting(stored, in_batches))


def _lay(over: OverCareers, tally: Tally) -> None:
    """Tally what plain reports contribute."""
    cells = defaultdict[Cell, int](count().__next__)
    facts, named = over.facts(cells.__getitem__).tolist(), list(cells)
    for _, cell, measure, day, delta in facts:
        tally.deltas[named[cell], measure, day] += delta
    for kind, some in over.anomalies().items():
        tally.anomaly(kind, some)


def _records(stored: Memory) -> list[object]:
    return sorted((subject, *row[:4], _says(row)) for subject, rows in stored.rows.items() for row in rows.values())


def _says(row: Stored) -> str:
    """Of a part what it says: the order of its events says nothing."""
    return repr(row.body if row.is_event else content(row) or row.body)


def _contradicting(stored: Memory, tally: Tally) -> list[object]:
    found = defaultdict[str, list[str]](list)
    for subject, rows in stored.rows.items():
        told = read(list(rows.values()))
        for kind in tally.anomalies:
            found[kind] += [entry.key for entry in events(told, of_kind(subject, kind))]
    return sorted((kind, sorted(keys)) for kind, keys in found.items())


def main(arguments: Sequence[str]) -> None:
    """Print it as JSON."""
    sys.stdout.buffer.write(msgspec.json.encode(tell(Path(arguments[0]))))


if __name__ == "__main__":
    main(sys.argv[1:])
