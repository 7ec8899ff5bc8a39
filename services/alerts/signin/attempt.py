"""One attempt to sign in: all that binds the answer of the provider to the browser that asked is made of one secret.

The secret is in a cookie of that browser alone. So nothing is stored for strangers who begin and never come back.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from typing import NamedTuple
from urllib.parse import urlsplit

LONGEST = 1_000
"""Characters of a way back."""
HOME = "/board"
"""Where whoever wanted nothing else is led."""
AUDITS = "/board/access-log"
"""Where an auditor who may read nothing else is led instead."""
_PLAIN = re.compile(r"/(?![/\\])[!-\[\]-~]*")
"""One slash, not two, then ASCII without blanks and backslashes: browsers take some of these for another host."""


class Attempt(NamedTuple):
    """``secret`` is at random; ``back`` is the path that was wanted."""

    secret: str
    back: str

    @property
    def state(self) -> str:
        """What the provider hands back: whoever has another browser cannot finish this attempt."""
        return _made(self.secret, "state")

    @property
    def nonce(self) -> str:
        """What stands in the identity token: one of another attempt is refused."""
        return _made(self.secret, "nonce")

    @property
    def verifier(self) -> str:
        """What the code is exchanged with (PKCE)."""
        return _made(self.secret, "verifier")

    @property
    def challenge(self) -> str:
        """The digest of the verifier, which the provider is told first."""
        return _text(hashlib.sha256(self.verifier.encode()).digest())

    @property
    def cookie(self) -> str:
        """Secret and way back as the browser keeps them."""
        return f"{self.secret}.{_text(self.back.encode())}"


def begun(back: str) -> Attempt:
    """A new attempt."""
    return Attempt(secrets.token_urlsafe(32), local(back))


def resumed(cookie: str) -> Attempt | None:
    """The attempt of a cookie; None if it is none."""
    secret, dot, back = cookie.partition(".")
    try:
        path = base64.urlsafe_b64decode(back + "=" * (-len(back) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    return Attempt(secret, local(path)) if dot and len(secret) >= 43 and secret.isascii() else None


def local(back: str) -> str:
    """A path of this service; anything else leads home, so that nobody is sent to a stranger's page."""
    if len(back) > LONGEST or not _PLAIN.fullmatch(back):
        return HOME
    try:
        found = urlsplit(back)
    except ValueError:
        return HOME
    return HOME if found.scheme or found.netloc else back


def _made(secret: str, what: str) -> str:
    return _text(hmac.digest(secret.encode(), what.encode(), "sha256"))


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
