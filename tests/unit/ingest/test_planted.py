"""An identity number planted anywhere in an event is refused or replaced, and nothing that is shown repeats it."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain import binding
from services.ingest.domain.acceptance import judge
from services.ingest.domain.outcome import Accepted, Incoming, Outcome, Refused
from services.ingest.domain.spelling import joined, plain
from tests import builders as make
from tests.unit.ingest.deciding import NOW, decided, pseudonym
from tests.unit.ingest.spellings import VALID, planted

STARTED = make.employment_started("anna", "2024-01-01", employment="e1", manager="per")
EVENTS = [
    STARTED,
    make.employment_changed("anna", "2024-02-01", unit="u2"),
    make.absence_started("anna", "a1", "2024-01-01"),
    make.assignment_started("c1", "2024-01-01", covers="v1"),
    make.vacancy_opened("v1", "2024-01-01"),
    make.unit_defined("u1", parent="d1", name="One"),
    make.incident_reported("u1", "2024-01-01", occupation="nurse"),
    make.measure_updated("plan", "m1", "2024-01-01", note="begun"),
    make.retracted(STARTED),
]
TEXTS = (
    *("id", "source", "type", "subject", "time", "corrects", "datacontenttype", "specversion", "extension"),
    *("delivery", "deliverycount", "knownfrom"),
)
FIELDS = (
    *("unit", "occupation", "employment", "manager", "covers", "absence", "parent", "name", "note"),
    *("form", "kind", "effective", "fte", "monthly_pay", "another"),
)
PERSONS = ("person/", "manager", "employment")


def shown(outcome: Outcome) -> str:
    """Everything of an outcome that others than the source's own people may see, as letters and digits alone."""
    if isinstance(outcome, Accepted):
        return joined(plain(outcome.body.decode() + outcome.key.decode()))
    return joined(plain(f"{outcome.reason} {outcome.path} {outcome.message} {outcome.id} {outcome.source}"))


def holds(outcome: Outcome) -> bool:
    """Whether the number can be read there."""
    return VALID[2:] in shown(outcome)


@given(st.sampled_from(EVENTS), st.sampled_from(TEXTS), planted)
def test_in_an_attribute(event: make.Event, name: str, text: str):
    """Refused, but as the reference of a person; the refusal keeps it to itself."""
    outcome = decided({**event, name: text})
    assert isinstance(outcome, Refused)
    assert not holds(outcome)


@given(st.sampled_from(EVENTS), planted)
def test_as_the_reference_of_a_subject(event: make.Event, text: str):
    """A person's becomes a pseudonym; of anything else the event is refused."""
    kind = event["subject"].partition("/")[0]
    outcome = decided({**event, "subject": f"{kind}/{text}"})
    assert kind == "person" or isinstance(outcome, Refused)
    assert not holds(outcome)


@given(st.sampled_from(EVENTS[:-1]), st.sampled_from(FIELDS), planted)
def test_in_a_field(event: make.Event, name: str, text: str):
    """Refused, also where the type does not know the field; but a manager becomes a pseudonym."""
    outcome = decided({**event, "data": {**event["data"], name: text}})
    assert name == "manager" or isinstance(outcome, Refused)
    assert not holds(outcome)


@given(st.sampled_from(EVENTS[:-1]), planted, st.sampled_from(("field", "attribute", "deep", "name")))
def test_in_a_name_of_the_senders(event: make.Event, text: str, where: str):
    """Fields, attributes, and what lies within them."""
    deep = {"field": {text: 1}, "deep": {"x": [1, {"y": text}]}, "name": {"x": {text: None}}, "attribute": {}}[where]
    made = {**event, "data": {**event["data"], **deep}} | ({text: "x"} if where == "attribute" else {})
    outcome = decided(made)
    assert isinstance(outcome, Refused)
    assert not holds(outcome)


@pytest.mark.parametrize("number", [198112189876, 8112189876, 8112189876.0, 19811218987601])
def test_as_a_number(number: float):
    """Digits are digits without quotes too."""
    for made in ({**STARTED, "person": number}, {**STARTED, "data": {**STARTED["data"], "monthly_pay": number}}):
        outcome = decided(made)
        assert isinstance(outcome, Refused)
        assert not holds(outcome)


@given(st.sampled_from(TEXTS), planted)
def test_in_a_header_of_binary_mode(name: str, text: str):
    """Over HTTP and over Kafka, by name and by value."""
    attributes = {key: value for key, value in STARTED.items() if key != "data"}
    data = msgspec.json.encode(STARTED["data"])
    for changed in (attributes | {name: text}, attributes | {text.lower(): "x"}):
        outcome = judge(Incoming(data, changed), pseudonym, lambda _: True, NOW)
        assert isinstance(outcome, Refused)
        assert not holds(outcome)
    headers = [(f"ce_{key}", value.encode()) for key, value in (attributes | {name: text}).items()]
    assert isinstance(judge(binding.from_kafka(headers, data), pseudonym, lambda _: True, NOW), Refused)


@given(planted)
def test_in_the_content_type(text: str):
    """What says that a message is something else is not repeated."""
    for refused in (lambda: binding.from_http({"content-type": text}, b""), lambda: _kafka(text)):
        with pytest.raises(binding.RefusalError) as error:
            refused()
        assert VALID[2:] not in joined(plain(error.value.path + error.value.message))


def _kafka(kind: str) -> None:
    binding.from_kafka([("content-type", kind.encode())], b"{}")


def test_a_header_that_is_not_utf8_is_not_named():
    """Its name is the sender's own."""
    with pytest.raises(binding.RefusalError) as error:
        binding.from_kafka([("ce_811218-9876", b"\xff"), ("ce_id", b"1")], b"{}")
    assert error.value.path == "$"
