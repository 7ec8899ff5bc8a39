"""Names made of what they stand for."""

import hashlib

from services.ingest.domain import identity_number

_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def name_of(content: bytes) -> str:
    """32 hexadecimal digits; letters where those happen to look like a person's number, which ingest refuses."""
    return named(hashlib.sha256(content).hexdigest())


def named(sha256: str) -> str:
    """The same of what has that digest, in hexadecimal."""
    digest = sha256[:32]
    return digest.translate(_LETTERS) if identity_number.is_in(digest) else digest
