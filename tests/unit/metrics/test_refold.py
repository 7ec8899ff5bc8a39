"""A stored record counted anew comes to what its events come to."""

from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.memory import Memory, by_subject
from services.metrics.domain.record.record import Stored
from services.metrics.domain.record.refold import refold
from tests.fakes.newer_release import newer
from tests.unit.metrics.folding import fold, fold_batches, miscounted, received
from tests.unit.metrics.hostile import FAMILIES, deliveries, logs

Facts = dict[tuple[Cell, int, int], int]
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


class Counted(NamedTuple):
    """What all records of a store come to, and by subject the rows that would be stored otherwise."""

    facts: Facts
    anomalies: dict[str, int]
    rows: dict[str, list[Stored]]


def counted(memory: Memory) -> Counted:
    """Every record counted anew."""
    tally = Tally()
    rows = {subject: refold(subject, list(held.values()), tally) for subject, held in memory.rows.items()}
    return Counted(net(tally), {kind: count for kind, count in tally.anomalies.items() if count}, rows)


def net(tally: Tally) -> Facts:
    """What is left of the deltas."""
    return {place: delta for place, delta in tally.deltas.items() if delta}


@pytest.mark.parametrize("family", FAMILIES)
@given(data=st.data())
@settings(SLOW, max_examples=100)
def test_a_record_counted_anew_is_what_it_was(family: str, data: st.DataObject):
    """By the same rules nothing changes, however the events had arrived, were corrected or taken back."""
    log = data.draw(logs(family))
    found = counted(fold_batches(data.draw(deliveries(log))).memory)
    clean = fold(*log)
    assert (found.facts, found.anomalies) == (clean.facts, clean.anomalies)
    assert not [row.key for rows in found.rows.values() for row in rows if row.section == 0]


@pytest.mark.parametrize("family", FAMILIES)
@given(data=st.data())
@settings(SLOW, max_examples=100)
def test_by_other_rules_it_is_what_a_clean_pass_by_them_is(family: str, data: st.DataObject):
    """A record stored by other rules, counted anew and gone on with, comes to what one clean pass comes to."""
    log = data.draw(logs(family))
    middle = data.draw(st.integers(2, len(log)))
    memory = fold_batches(data.draw(deliveries(log[:middle]))).memory
    with newer():
        found = counted(memory)
        for subject, rows in found.rows.items():
            memory.rows[subject].update((row.key, row) for row in rows)
        assert not miscounted(memory)
        tally = Tally()
        tally.deltas.update(found.facts)
        memory.fold(by_subject(map(received, log[middle:])), tally)
        assert net(tally) == fold(*log).facts
        assert not miscounted(memory)
