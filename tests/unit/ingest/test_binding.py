"""Modes of CloudEvents over HTTP and Kafka."""

import pytest

from services.ingest.domain import binding
from services.ingest.domain.acceptance import judge
from services.ingest.domain.outcome import Accepted, Incoming, Refused
from services.ingest.domain.refusal import RefusalError
from tests import builders as make
from tests.unit.ingest.deciding import NOW, decided, pseudonym

EVENT = make.employment_started("anna", "2024-01-01", corrects="e0") | {
    "delivery": "d1",
    "deliverycount": 12,
    "knownfrom": "2023-01-01",
}
DATA = make.encoded(EVENT["data"])
ATTRIBUTES = {name: str(value) for name, value in EVENT.items() if name != "data"}
HTTP = {f"ce-{name}": value for name, value in ATTRIBUTES.items()} | {"content-type": "application/json"}
KAFKA = [(f"ce_{name}", value.encode()) for name, value in ATTRIBUTES.items()] + [("content-type", b"application/json")]


def published(incoming: Incoming) -> bytes:
    """What is published in place of a message; fails if it is refused."""
    outcome = judge(incoming, pseudonym, lambda _: True, NOW)
    assert isinstance(outcome, Accepted), outcome
    return outcome.body


def structured() -> bytes:
    """What is published of the event in structured mode."""
    outcome = decided(EVENT)
    assert isinstance(outcome, Accepted)
    return outcome.body


@pytest.mark.parametrize("kind", ["application/cloudevents+json", "Application/CloudEvents+JSON; charset=utf-8"])
def test_structured_over_http(kind: str):
    """The content type alone tells, in any case and with parameters."""
    assert published(binding.from_http({"content-type": kind}, make.encoded(EVENT))) == structured()


def test_binary_over_http():
    """Attributes in headers mean what they mean in JSON."""
    assert published(binding.from_http(HTTP, DATA)) == structured()


def test_header_values_are_percent_decoded():
    """HTTP headers carry no other letters."""
    incoming = binding.from_http(HTTP | {"ce-subject": "unit/S%C3%B6dra%20teamet"}, b"")
    assert incoming.attributes is not None
    assert incoming.attributes["subject"] == "unit/Södra teamet"


def test_binary_without_content_type():
    """A retraction has no data and so no content type."""
    headers = {f"ce-{name}": value for name, value in make.retracted(EVENT).items()}
    assert published(binding.from_http(headers, b""))


@pytest.mark.parametrize("headers", [{}, {"content-type": "application/json"}, {"content-type": "text/csv"}])
def test_other_content_types_over_http(headers: dict[str, str]):
    """JSON without ce- headers is no event."""
    with pytest.raises(RefusalError) as refusal:
        binding.from_http(headers, make.encoded(EVENT))
    assert refusal.value.reason == "wrong_content_type"


def test_binary_data_of_another_type():
    """The content type describes the data."""
    outcome = judge(binding.from_http(HTTP | {"content-type": "text/csv"}, DATA), pseudonym, lambda _: True, NOW)
    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.path) == ("wrong_content_type", "$.datacontenttype")


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("content-type", b"application/json")],
        [("content-type", b"")],
        [("Content-Type", b"application/cloudevents+json")],
    ],
)
def test_structured_over_kafka(headers: list[tuple[str, bytes]]):
    """A message without headers, or with those that other clients add, is in structured mode."""
    assert published(binding.from_kafka(headers, make.encoded(EVENT))) == structured()


def test_binary_over_kafka():
    """Attributes in ce_ headers."""
    assert published(binding.from_kafka(KAFKA, DATA)) == structured()


def test_other_content_types_over_kafka():
    """What says that it is something else is not guessed at."""
    with pytest.raises(RefusalError) as refusal:
        binding.from_kafka([("content-type", b"application/avro")], b"\0\0\0\0\x01")
    assert refusal.value.reason == "wrong_content_type"


def test_an_attribute_that_is_not_utf8():
    """A header is refused like a field."""
    headers = [(name, b"\xff" if name == "ce_id" else given) for name, given in KAFKA]
    with pytest.raises(RefusalError) as refusal:
        binding.from_kafka(headers, DATA)
    assert (refusal.value.reason, refusal.value.path) == ("not_utf8", "$.id")


def test_headers_of_others_may_hold_any_bytes():
    """Tracing and the like is no concern of ours."""
    assert published(binding.from_kafka([*KAFKA, ("trace", b"\xff")], DATA)) == structured()


def test_a_tombstone():
    """A message without a value is refused as empty."""
    outcome = judge(binding.from_kafka([], None), pseudonym, lambda _: True, NOW)
    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.original) == ("empty_message", b"")


def test_faults_of_binary_data_have_the_same_paths():
    """A sender reads the same path in either mode."""
    outcome = judge(binding.from_http(HTTP, b'{"effective": 3}'), pseudonym, lambda _: True, NOW)
    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.path, outcome.id) == ("wrong_type", "$.data.effective", EVENT["id"])


@pytest.mark.parametrize("count", ["", "twelve", "-1", "0", "1.0", "100000001", "9" * 5_000, "١٢"])
def test_a_header_that_is_no_count(count: str):
    """A number is a text in a header, and no other text is one."""
    outcome = judge(binding.from_http(HTTP | {"ce-deliverycount": count}, DATA), pseudonym, lambda _: True, NOW)
    assert isinstance(outcome, Refused)
    assert outcome.path == "$.deliverycount"


def test_binary_data_that_are_not_json():
    """The data are what is at fault."""
    outcome = judge(binding.from_http(HTTP, b"{"), pseudonym, lambda _: True, NOW)
    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.path) == ("not_json", "$.data")
