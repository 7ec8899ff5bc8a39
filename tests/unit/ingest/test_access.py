"""Tokens and what they allow."""

import pytest

from services.ingest.domain.access import Access, AccessError, sha256

ACCESS = Access({"hr": sha256("one"), "pulse": sha256("two"), "time": sha256("one"), "*": sha256("all").upper()})


@pytest.mark.parametrize(
    ("token", "source", "allowed"),
    [
        ("one", "hr", True),
        ("one", "time", True),
        ("one", "pulse", False),
        ("two", "pulse", True),
        ("all", "anything", True),
    ],
)
def test_a_token_publishes_for_its_sources_only(token: str, source: str, allowed: bool):
    """One token may stand for several sources, and * for all."""
    grant = ACCESS.grant(token)
    assert grant is not None
    assert grant.allows(source) is allowed


@pytest.mark.parametrize("token", ["", "three", "One", sha256("one")])
def test_other_tokens_are_not_known(token: str):
    """The digest in the file is no token."""
    assert ACCESS.grant(token) is None


@pytest.mark.parametrize("digest", ["one", "", "z" * 64, "a" * 63])
def test_a_table_must_hold_digests(digest: str):
    """A token written in plain text is refused, and named by its source only."""
    with pytest.raises(AccessError, match=r"^hr: not the SHA-256"):
        Access({"hr": digest})
