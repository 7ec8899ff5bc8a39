"""A refused event is told all that is wrong with it, without a word of the sender's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain import binding
from services.ingest.domain.acceptance import from_anyone, judge
from services.ingest.domain.outcome import Accepted, Incoming, Refused
from services.ingest.domain.refusal import RefusalError
from tests import builders as make
from tests.harm.hostile import Hostile, valid
from tests.unit.ingest.deciding import NOW, decided, pseudonym

STARTED = make.employment_started("ada", "2025-01-01")


def faults(event: make.Event | bytes) -> dict[str, str]:
    """The reasons by path."""
    outcome = decided(event)
    assert isinstance(outcome, Refused)
    assert (outcome.faults[0].reason, outcome.faults[0].path) == (outcome.reason, outcome.path)
    return {fault.path: fault.reason for fault in outcome.faults}


def test_faults_of_form() -> None:
    """Absent, of another type, no word of ours: in envelope and data at once."""
    event = STARTED | {"specversion": "2", "id": ""}
    event["data"] = {"effective": "soon", "unit": 7, "fte": 7, "gender": "female"}
    assert faults(event) == {
        "$.specversion": "invalid_value",
        "$.id": "invalid_value",
        "$.data.effective": "invalid_value",
        "$.data.unit": "wrong_type",
        "$.data.occupation": "missing_field",
        "$.data.fte": "invalid_value",
        "$.data.gender": "invalid_value",
    }


def test_faults_of_meaning() -> None:
    """What each rule finds, not only the first."""
    event = make.employment_started("ada", "2025-01-01", unit="a|b", occupation="*", born=2024, monthly_pay=12)
    event |= {"id": "*", "subject": "unit/u"}
    assert faults(event) == {
        "$.subject": "subject_mismatch",
        "$.id": "invalid_value",
        "$.data.unit": "invalid_value",
        "$.data.occupation": "invalid_value",
        "$.data.born": "invalid_value",
        "$.data.monthly_pay": "invalid_value",
    }


def test_words_that_may_stand_there() -> None:
    """With the nearest to what was said, for fields and types."""
    outcome = decided(make.employment_started("ada", "2025-01-01", form="permanant"))
    assert isinstance(outcome, Refused)
    assert outcome.faults[0].allowed == ("fixed_term", "hourly", "permanent")
    assert outcome.faults[0].nearest == "permanent"
    outcome = decided(STARTED | {"type": "hr.employment.startd.v1"})
    assert isinstance(outcome, Refused)
    assert outcome.faults[0].nearest == "hr.employment.started.v1"
    assert "hr.unit.defined.v1" in outcome.faults[0].allowed


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 10_000, b"7", b'{"type": 7}'])
def test_what_cannot_be_read_has_the_faults_that_can(body: bytes) -> None:
    """Never an error of ours, whatever the bytes."""
    assert faults(body)


@given(st.dictionaries(st.sampled_from([*STARTED, "data"]), st.none() | st.integers() | st.text() | st.booleans()))
def test_any_values(changed: dict[str, object]) -> None:
    """Whatever stands in an event, it is accepted, or refused for faults that begin with the reason."""
    outcome = decided(STARTED | changed)
    if isinstance(outcome, Refused):
        assert outcome.faults[0].reason == outcome.reason


def test_a_name_that_stands_twice() -> None:
    """The last of two can be read, the first cannot: a fault like any, of the envelope and of the data."""
    body = make.encoded(STARTED)
    assert faults(body.replace(b"{", b'{"time":"soon",', 1)) == {"$.time": "invalid_value"}
    assert faults(body.replace(b'"data":{', b'"data":{"effective":"soon",')) == {"$.data.effective": "invalid_value"}


def test_a_header_called_data() -> None:
    """In binary mode the body is the data."""
    attributes = {name: str(value) for name, value in STARTED.items() if name != "data"} | {"data": "{}"}
    outcome = judge(Incoming(b"{}", attributes), pseudonym, from_anyone, NOW)
    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.path) == ("invalid_value", "$.data")


def test_hostile_messages_are_decided_on() -> None:
    """What ``make harm`` sends to hr.raw, in all modes and with any headers: an outcome, never an exception."""
    hostile = Hostile(700, valid(7, 500))
    for _ in range(5_000):
        body, headers = hostile.message()
        try:
            incoming = binding.from_kafka(headers, body)
        except RefusalError:
            continue
        assert isinstance(judge(incoming, pseudonym, from_anyone, NOW), Accepted | Refused)
