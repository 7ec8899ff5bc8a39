"""Pseudonyms: a keyed stand-in for each person reference, the same for every spelling of one reference.

``p_`` + base32(HMAC-SHA-256(key, municipality ‖ NUL ‖ canonical reference)), 26 characters (130 bits) of lower case.
Whoever lacks the key can neither reverse it nor test a guess.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from functools import lru_cache

from services.ingest.domain import identity_number
from services.ingest.domain.spelling import spaced

PREFIX = "p_"
LENGTH = 26
REMEMBERED = 65_536

Pseudonyms = Callable[[str, int], str]
"""(person reference, year of the event's ``time``) → pseudonym. The year tells the century of a ten-digit number."""


def canonical(ref: str, year: int) -> str:
    """One spelling for all spellings of a reference: identity numbers as 12 digits, others plain and evenly spaced.

    Upper and lower case are different references: sources that name people by random strings need both.
    """
    return identity_number.canonical(ref, year) or spaced(ref)


def pseudonyms(key: bytes, municipality: str, remembered: int = REMEMBERED) -> Pseudonyms:
    """The mapping of one municipality under one key; the ``remembered`` latest answers are not computed again."""
    prefix = municipality.encode() + b"\0"

    @lru_cache(remembered)
    def pseudonym(ref: str, year: int) -> str:
        digest = hmac.digest(key, prefix + canonical(ref, year).encode(), hashlib.sha256)
        return PREFIX + base64.b32encode(digest)[:LENGTH].decode().lower()

    return pseudonym
