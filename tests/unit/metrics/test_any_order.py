"""A record is a function of the set of its events: order, repeats and batches cannot matter."""

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from services.metrics.domain.sums.tree import tree
from tests.unit.metrics.folding import Folded, fold, fold_batches
from tests.unit.metrics.hostile import FAMILIES, START, deliveries, logs

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def same(one: Folded, other: Folded) -> None:
    """Facts, anomalies and the tree of every day are equal."""
    assert one.facts == other.facts
    assert one.anomalies == other.anomalies
    for on in range(START.toordinal(), START.toordinal() + 1_200, 20):
        assert tree(one.memory.definitions, on) == tree(other.memory.definitions, on)


@pytest.mark.parametrize("family", FAMILIES)
@given(data=st.data())
@settings(SLOW, max_examples=150)
def test_any_delivery_gives_what_one_clean_pass_gives(family: str, data: st.DataObject):
    """Any permutation, duplication and batching of any log has the facts, anomalies and tree of one clean pass."""
    log = data.draw(logs(family))
    clean = fold(*log)
    event(f"{family}: {'facts' if clean.facts else 'no facts'}")
    same(fold_batches(data.draw(deliveries(log))), clean)
