"""Names made of what they stand for."""

import hashlib

import pytest

from cli.connect.publishing.digests import name_of
from services.ingest.domain import identity_number

UNLUCKY = b"34001"
"""Its digest ends with what is somebody's number."""


def test_no_name_looks_like_a_persons_number():
    """Ingest would refuse the event."""
    assert identity_number.is_in(hashlib.sha256(UNLUCKY).hexdigest()[:32])
    assert not identity_number.is_in(name_of(UNLUCKY))


@pytest.mark.parametrize("content", [b"", b"0", b"1"])
def test_all_others_are_as_ever(content: bytes):
    """A file that was published before makes the same events."""
    assert name_of(content) == hashlib.sha256(content).hexdigest()[:32]
