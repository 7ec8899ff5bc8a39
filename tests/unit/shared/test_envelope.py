"""The CloudEvents envelope."""

import msgspec
import pytest

from shared.contracts import envelope
from tests import builders as make

EVENT = make.employment_started("p", "2024-01-01")


def test_survives_a_round_trip():
    """What is encoded decodes to the same event, its data byte for byte."""
    decoded = envelope.decode(make.encoded(EVENT))
    assert envelope.decode(envelope.encode(decoded)) == decoded
    assert msgspec.json.decode(decoded.data) == EVENT["data"]


@pytest.mark.parametrize(
    ("attribute", "value", "path"),
    [
        ("specversion", "0.3", "$.specversion"),
        ("id", "", "$.id"),
        ("source", None, "$.source"),
        ("time", "2024-01-01T08:00:00", "$.time"),
        ("subject", 7, "$.subject"),
    ],
)
def test_wrong_attribute(attribute: str, value: object, path: str):
    """A wrong attribute is named by its path; a time without zone is no instant."""
    with pytest.raises(msgspec.ValidationError, match=f"at `\\{path}`"):
        envelope.decode(make.encoded(EVENT | {attribute: value}))


@pytest.mark.parametrize("attribute", ["specversion", "id", "source", "type", "subject", "time"])
def test_missing_attribute(attribute: str):
    """A missing attribute is named."""
    with pytest.raises(msgspec.ValidationError, match=f"missing required field `{attribute}`"):
        envelope.decode(make.encoded({name: value for name, value in EVENT.items() if name != attribute}))
