"""A record that stays in hand comes, batch by batch, to what a stored one comes to."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import NamedTuple
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.entry import Entry, ReadEntry
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record import room
from services.metrics.domain.record.held import Held
from services.metrics.domain.record.memory import Memory, by_subject
from services.metrics.domain.record.over_careers import OverCareers
from tests import builders as make
from tests.unit.metrics.folding import received
from tests.unit.metrics.hostile import FAMILIES, deliveries, logs

SLOW = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
Batch = dict[str, list[ReadEntry]]


class Step(NamedTuple):
    """What one batch came to, and how units are defined after it."""

    facts: dict[object, int]
    anomalies: dict[str, int]
    duplicates: int
    refused: int
    definitions: dict[str, list[Entry]]


def steps(batches: Sequence[Sequence[make.Event]], fold: Callable[[Batch, Tally], tuple[int, int, dict]]) -> list[Step]:
    """Fold batch after batch."""
    found = []
    for batch in batches:
        tally = Tally()
        told = fold(by_subject(map(received, batch)), tally)
        facts, anomalies = ({k: n for k, n in some.items() if n} for some in (tally.deltas, tally.anomalies))
        found.append(Step(facts, anomalies, *told))
    return found


def stored(batches: Sequence[Sequence[make.Event]]) -> list[Step]:
    """Read from a store, and written back, each time."""
    memory = Memory()

    def fold(batch: Batch, tally: Tally) -> tuple[int, int, dict]:
        before = memory.duplicates, memory.refused
        memory.fold(batch, tally)
        return memory.duplicates - before[0], memory.refused - before[1], _sorted(memory.definitions)

    return steps(batches, fold)


def in_hand(batches: Sequence[Sequence[make.Event]]) -> list[Step]:
    """Kept from batch to batch."""
    records: dict[str, Held] = {}
    definitions: dict[str, list[Entry]] = {}
    over, aside, numbers = OverCareers(), Counter[str](), count()

    def fold(batch: Batch, tally: Tally) -> tuple[int, int, dict]:
        duplicates = refused = 0
        known = next(numbers)
        for subject, told in batch.items():
            outcome = records.setdefault(subject, Held(subject, over)).fold(told, tally, known)
            assert not outcome.new
            assert not outcome.changed
            duplicates, refused = duplicates + outcome.duplicates, refused + len(outcome.refused)
            if outcome.definitions is not None:
                definitions[subject.partition("/")[2]] = outcome.definitions
        for cell, measure, day, delta in laid(over, known):
            tally.deltas[cell, measure, day] += delta
        for kind, some in over.anomalies().items():
            tally.anomaly(kind, some - aside[kind])
            aside[kind] = some
        return duplicates, refused, _sorted(definitions)

    return steps(batches, fold)


def laid(over: OverCareers, batch: int) -> Iterator[tuple[Cell, int, int, int]]:
    """What lies over careers since a batch."""
    cells = defaultdict[Cell, int](count().__next__)
    facts, named = over.facts(cells.__getitem__).tolist(), list(cells)
    return ((named[cell], measure, day, delta) for known, cell, measure, day, delta in facts if known == batch)


def _sorted(definitions: dict[str, list[Entry]]) -> dict[str, list[Entry]]:
    return {unit: sorted(entries) for unit, entries in definitions.items()}


@pytest.mark.parametrize("family", FAMILIES)
@given(data=st.data())
@SLOW
def test_every_batch_comes_to_the_same(family: str, data: st.DataObject):
    """Facts, anomalies, duplicates and definitions; also of what is corrected, retracted, repeated or out of order."""
    batches = data.draw(deliveries(data.draw(logs(family))))
    event(f"{family}: {'several batches' if len(batches) > 1 else 'one batch'}")
    assert in_hand(batches) == stored(batches)


@pytest.mark.parametrize("family", FAMILIES)
@given(data=st.data())
@SLOW
def test_the_same_is_refused(family: str, data: st.DataObject):
    """Where records hold next to nothing, too."""
    batches = data.draw(deliveries(data.draw(logs(family))))
    with patch.multiple(room, EVENTS=12, TOGETHER=6, AT_ONCE=2, ABSENCES=2):
        found = in_hand(batches)
        event(f"{family}: {'some' if any(step.refused for step in found) else 'none'} refused")
        assert found == stored(batches)
