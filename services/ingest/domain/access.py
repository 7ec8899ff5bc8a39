"""Who may publish what: each source has a token, and a token publishes only the events of its sources."""

import hashlib
import hmac
import re
from collections.abc import Mapping

import msgspec

EVERY_SOURCE = "*"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class AccessError(ValueError):
    """The table of tokens is wrong; the message names the source at fault, never a token."""


class Grant(msgspec.Struct, frozen=True):
    """The sources one token stands for."""

    sources: frozenset[str]

    def allows(self, source: str) -> bool:
        """Whether events of ``source`` may be published."""
        return source in self.sources or EVERY_SOURCE in self.sources


class Access:
    """Tokens are known by their SHA-256 only."""

    def __init__(self, digests: Mapping[str, str]) -> None:
        """``digests``: source (or ``*``) → SHA-256 of its token, in hexadecimal."""
        by_digest: dict[str, set[str]] = {}
        for source, digest in digests.items():
            by_digest.setdefault(_checked(source, digest), set()).add(source)
        self._grants = [(digest.encode(), Grant(frozenset(sources))) for digest, sources in by_digest.items()]

    def grant(self, token: str) -> Grant | None:
        """What the token allows, or None; takes as long for a near miss as for any other."""
        presented = sha256(token).encode()
        found = [grant for digest, grant in self._grants if hmac.compare_digest(digest, presented)]
        return found[0] if found else None


def _checked(source: str, digest: object) -> str:
    text = str(digest).strip().lower()
    if not _DIGEST.fullmatch(text):
        raise AccessError(f"{source}: not the SHA-256 of a token in hexadecimal (64 digits)")
    return text


def sha256(token: str) -> str:
    """The digest of a token as the table holds it."""
    return hashlib.sha256(token.encode()).hexdigest()
