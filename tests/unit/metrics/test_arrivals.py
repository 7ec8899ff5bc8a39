"""What messages bring of deliveries: the same however they are ordered, repeated and put in batches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.domain.record.arrivals import Arrival, Delivery, arrivals
from tests import builders as make

FILE = Delivery("hr-system", "file")
EVENTS = [make.unit_defined(f"u{n}") | {"id": f"e{n}", "delivery": "file"} for n in range(5)]
WHOLE = [make.encoded(event) for event in [*EVENTS[:-1], EVENTS[-1] | {"deliverycount": 5}]]


def came(batches: list[list[bytes]]) -> Arrival:
    """What has arrived of the file with all of some batches."""
    found = [one for batch in batches for one in arrivals(batch).values()]
    sizes = [one.size for one in found if one.size is not None]
    return Arrival(frozenset().union(*(one.events for one in found)), max(sizes, default=None))


@given(st.lists(st.lists(st.sampled_from(WHOLE), min_size=1), min_size=1))
def test_it_is_whole_once_each_event_has_come(batches: list[list[bytes]]):
    """In whatever order, however often, in however many batches: and no sooner."""
    arrived = came(batches)
    assert (len(arrived.events) == arrived.size) is ({*WHOLE} == {one for batch in batches for one in batch})


@given(st.permutations(WHOLE), st.integers(1, 4))
def test_batches_make_no_difference(order: list[bytes], size: int):
    """All of it at once, or bit by bit."""
    assert came([order[n : n + size] for n in range(0, len(order), size)]) == came([WHOLE])


def test_deliveries_of_two_sources_may_have_the_same_name():
    """An event counts for the delivery that its message names, also if it came with another before."""
    events = [EVENTS[0], EVENTS[0] | {"source": "payroll"}, EVENTS[0] | {"delivery": "again", "deliverycount": 1}]
    found = arrivals(map(make.encoded, events))
    assert {of: (len(it.events), it.size) for of, it in found.items()} == {
        FILE: (1, None),
        Delivery("payroll", "file"): (1, None),
        Delivery("hr-system", "again"): (1, 1),
    }
    assert len({of.key for of in found}) == 3


@pytest.mark.parametrize(
    "event",
    [
        make.measure_updated("plan", "m1", "2024-01-01"),
        {**EVENTS[0], "type": "hr.of.another.release.v9"},
        {**EVENTS[0], "data": 7},
    ],
)
def test_an_event_has_arrived_whatever_becomes_of_it(event: make.Event):
    """Another service reads it, or it is put aside: it is not to be waited for."""
    (found,) = arrivals([make.encoded({**event, "delivery": "file", "deliverycount": 1})]).values()
    assert (len(found.events), found.size) == (1, 1)


@pytest.mark.parametrize(
    "message",
    [
        *(None, b"", b'"delivery"', b'{"delivery": ', b'{"delivery": "\xff"}', b'{"delivery": "file"}'),
        make.encoded(make.unit_defined("u1")),
        make.encoded({**EVENTS[0], "data": {"delivery": "file"}, "delivery": None}),
        make.encoded({**EVENTS[0], "deliverycount": 0}),
        b'{"id": ' + b"[" * 100_000 + b', "delivery": 1}',
    ],
)
def test_others_are_of_no_delivery(message: bytes | None):
    """What cannot be read, and what names none."""
    assert arrivals([message]) == {}


def test_a_name_is_one_that_can_be_stored():
    """PostgreSQL's text holds no NUL."""
    (found,) = arrivals([make.encoded({**EVENTS[0], "source": "a\0", "delivery": "b\0"})])
    assert found == ("a\\0", "b\\0")
