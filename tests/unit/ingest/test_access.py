"""Tokens and what they allow."""

import pytest

from services.ingest.domain.access import Grant, grant
from services.ingest.domain.refusal import RefusalError
from shared.access.tokens import AccessError, Keyring, Token, sha256
from shared.contracts import envelope
from tests import builders as make

PAYROLL = Token(sha256("pay"), "2026", source="payroll", types=("hr.absence.*",), subjects=("person",))
RING = Keyring(
    [
        Token(sha256("one"), source="hr"),
        Token(sha256("two"), source="pulse"),
        Token(sha256("one"), source="time"),
        Token(sha256("all").upper(), source="*"),
        PAYROLL,
        Token(sha256("read"), "reader", scopes=("metrics:read",)),
    ]
)


def granted(token: str) -> Grant | None:
    """What a token may publish; None if it is not known."""
    held = RING.held(token)
    return grant(held) if held else None


def said(token: str, event: make.Event) -> tuple[str, str] | None:
    """Reason and path of the refusal of an event that comes with a token; None if it may be published."""
    found = granted(token)
    assert found is not None
    try:
        found.check(envelope.decode(make.encoded(event)))
    except RefusalError as error:
        return error.reason, error.path
    return None


@pytest.mark.parametrize(
    ("token", "source", "allowed"),
    [
        ("one", "hr", True),
        ("one", "time", True),
        ("one", "pulse", False),
        ("two", "pulse", True),
        ("all", "anything", True),
        ("read", "hr", False),
    ],
)
def test_a_token_publishes_for_its_sources_only(token: str, source: str, allowed: bool):
    """One token may stand for several sources, and * for all."""
    refusal = said(token, make.unit_defined("u1", source=source))
    assert refusal == (None if allowed else ("source_not_allowed", "$.source"))


@pytest.mark.parametrize("token", ["", "three", "One", sha256("one")])
def test_other_tokens_are_not_known(token: str):
    """The digest in the file is no token."""
    assert granted(token) is None


ABSENCE = make.absence_started("anna", "a1", "2024-01-01", source="payroll")
RETRACTION = make.retracted(ABSENCE) | {"source": "payroll"}
OTHERS = [
    (make.employment_ended("anna", "2024-01-31", source="payroll"), ("type_not_allowed", "$.type")),
    (ABSENCE | {"subject": "unit/u1"}, ("subject_not_allowed", "$.subject")),
    (ABSENCE | {"corrects": "an-employment"}, ("type_not_allowed", "$.corrects")),
    (RETRACTION, ("type_not_allowed", "$.type")),
    (ABSENCE, None),
]


@pytest.mark.parametrize(("event", "refusal"), OTHERS)
def test_a_token_publishes_only_what_it_is_for(event: make.Event, refusal: tuple[str, str] | None):
    """Payroll tells absences and ends no employment, neither by saying so nor by correcting what another said."""
    assert said("pay", event) == refusal


def test_who_may_retract_may_correct():
    """The type of a retraction allows both."""
    found = grant([Token(sha256("pay"), source="payroll", types=("hr.absence.*", "hr.event.retracted.v1"))])
    for event in (RETRACTION, ABSENCE | {"corrects": "e0"}):
        found.check(envelope.decode(make.encoded(event)))


def test_two_tokens_of_a_source():
    """Both hold while one replaces the other."""
    ring = Keyring([Token(sha256("old"), "old", source="hr"), Token(sha256("new"), "new", source="hr")])
    assert [grant(ring.held(token)).name for token in ("old", "new")] == ["old", "new"]
    assert ring.keys == {("hr", "old"), ("hr", "new")}


def test_a_token_without_a_name_is_called_by_a_piece_of_its_digest():
    """The whole is never shown."""
    found = granted("one")
    assert found is not None
    assert found.name == sha256("one")[:8]


@pytest.mark.parametrize("digest", ["one", "", "z" * 64, "a" * 63])
def test_a_table_must_hold_digests(digest: str):
    """A token written in plain text is refused, and not shown."""
    with pytest.raises(AccessError, match=r"^sha256: not the SHA-256 of a token in hexadecimal \(64 digits\)$"):
        Keyring([Token(digest, source="hr")])
