"""Whatever the bytes: a decision, never an exception."""

import string

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.outcome import Accepted, Refused
from shared.contracts import envelope
from shared.contracts.events import TYPES
from tests import builders as make
from tests.unit.ingest.deciding import decided

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
names = sorted({f.encode_name for _, kind in TYPES.values() for f in msgspec.structs.fields(kind)})
almost_data = st.dictionaries(st.sampled_from(names) | st.text(max_size=8), anything, max_size=8)


@given(st.binary(max_size=200))
def test_random_bytes_are_refused(body: bytes):
    """Random bytes are no event."""
    assert isinstance(decided(body), Refused)


@given(anything)
def test_random_json_is_refused(value: object):
    """Random JSON is no event."""
    assert isinstance(decided(msgspec.json.encode(value)), Refused)


@given(st.sampled_from(sorted(TYPES)), almost_data, st.text(string.printable, max_size=12))
def test_random_data_of_a_known_type_get_a_decision(type_: str, data: dict[str, object], ref: str):
    """What is accepted can be read by its type, and is accepted again."""
    kind, struct = TYPES[type_]
    outcome = decided({**make.event(type_, f"{kind}/{ref}"), "data": data})
    if isinstance(outcome, Accepted):
        assert msgspec.json.decode(envelope.decode(outcome.body).data, type=struct)
        assert isinstance(decided(outcome.body), Accepted)


@given(st.integers(0, 400), st.binary(min_size=1, max_size=3))
def test_a_damaged_event_gets_a_decision(place: int, damage: bytes):
    """Bytes changed anywhere in a valid event."""
    body = make.encoded(make.employment_started("19811218-9876", "2024-01-01", manager="811218-9876", fte=0.5))
    assert isinstance(decided(body[:place] + damage + body[place + len(damage) :]), Accepted | Refused)
