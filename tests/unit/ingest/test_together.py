"""The events of one request are a delivery of their own, unless they say of which they are."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain import identity_number
from services.ingest.domain.outcome import Accepted
from services.ingest.domain.together import Together
from shared.contracts.envelope import CloudEvent
from tests import builders as make
from tests.unit.ingest.deciding import decided

EVENTS = [make.unit_defined(f"u{n}") | {"id": f"e{n}"} for n in range(4)]


def named(events: Sequence[make.Event]) -> list[CloudEvent]:
    """The accepted events of one request, as they travel."""
    outcomes, together = [decided(event) for event in events], Together()
    for outcome in outcomes:
        together.take(outcome)
    return [one.event for one in map(together.named, outcomes) if isinstance(one, Accepted)]


def test_one_delivery_with_as_many_events_as_were_accepted():
    """The last says how many."""
    found = named([*EVENTS[:2], {**EVENTS[2], "type": "unknown"}, EVENTS[3], {**EVENTS[3], "time": "never"}])
    assert len({one.delivery for one in found}) == 1
    assert [one.deliverycount for one in found] == [None, None, 3]


def test_the_same_request_again_is_the_same_delivery():
    """Another is another."""
    names = [{one.delivery for one in named(events)} for events in (EVENTS, EVENTS, EVENTS[1:])]
    assert names[0] == names[1]
    assert not names[0] & names[2]


def test_an_event_twice_counts_once():
    """As the metrics service counts."""
    assert [one.deliverycount for one in named([*EVENTS, EVENTS[0]])] == [None] * 4 + [4]


def test_an_event_alone_waits_for_no_other():
    """It is of no delivery, also when the others are refused."""
    assert [one.delivery for one in named([EVENTS[0], {**EVENTS[1], "id": ""}])] == [None]
    assert [one.delivery for one in named([EVENTS[0], EVENTS[0]])] == [None, None]


def test_what_is_of_a_delivery_stays_of_it():
    """Only the others are named; of each source by themselves."""
    other = [event | {"source": "payroll"} for event in EVENTS]
    found = named([EVENTS[0] | {"delivery": "file", "deliverycount": 9}, *EVENTS[1:], *other])
    assert (found[0].delivery, found[0].deliverycount) == ("file", 9)
    assert {one.source: one.deliverycount for one in found if one.deliverycount} == {"hr-system": 3, "payroll": 4}
    assert len({(one.source, one.delivery) for one in found}) == 3


@given(st.lists(st.text(min_size=1, max_size=9), min_size=2, max_size=5, unique=True))
def test_the_name_looks_like_no_persons_number(ids: list[str]):
    """Whatever the ids, and other ids make another name."""
    for event in named([make.unit_defined("u") | {"id": id_} for id_ in ids]):
        assert event.delivery is None or not identity_number.might_be_in(event.delivery.encode())
