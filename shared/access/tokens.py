"""Tokens of machines: known by their SHA-256 only, several of one machine at once."""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from shared.access.rights import EVERYWHERE, WHOLE, Caller, Scope
from shared.contracts.tenants import Tenant

SHORT = 8
"""Digits of a digest that name a token without a name of its own: no help in finding the token."""
Some = Annotated[tuple[str, ...], Meta(min_length=1, max_length=100)]
_DIGEST = re.compile(r"[0-9a-f]{64}")


class AccessError(ValueError):
    """A file of access is wrong; the message names the place at fault, never a token."""

    def told(self, path: Path) -> str:
        """With the file's name."""
        return f"{path}: {self}"


def is_digest(text: str) -> bool:
    """Whether a text is the SHA-256 of a token."""
    return _DIGEST.fullmatch(text.strip().lower()) is not None


def of_tenant(said: str | None, tenant: Tenant) -> None:
    """Raise AccessError for a file that does not say that it is of this tenant; the other one is not named."""
    if not tenant.owns(said):
        wanted = f"expected tenant: {tenant.name}" if tenant.name else "expected none, as STADGA_TENANT is not set"
        raise AccessError(f"tenant: the file is of another: {wanted}")


class Token(msgspec.Struct, frozen=True):
    """A token as the table holds it: its SHA-256 in hexadecimal, and what it is for; ``units`` are of reading.

    ``source``, ``types`` and ``subjects`` are of ``events:write``: whose events, patterns such as ``hr.absence.*``,
    kinds such as ``person``; without types or subjects, all. One token may stand for several sources, once for each.
    """

    sha256: str
    name: str = ""
    scopes: tuple[Scope, ...] = ("events:write",)
    units: tuple[str, ...] = tuple(EVERYWHERE)
    source: str = ""
    types: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """In small letters; raises AccessError if it is none."""
        text = self.sha256.strip().lower()
        if not is_digest(text):
            raise AccessError("sha256: not the SHA-256 of a token in hexadecimal (64 digits)")
        return text

    @property
    def called(self) -> str:
        """Its name, or the beginning of its digest."""
        return self.name or self.digest[:SHORT]

    @property
    def key(self) -> tuple[str, str]:
        """Source and name, by which its use is shown."""
        return self.source, self.called


class Keyring:
    """The tokens that hold; raises AccessError for a digest that is none, or a name that is not one token's."""

    def __init__(self, tokens: Iterable[Token], tenant: str | None = None) -> None:
        """Those that share a digest are one token that stands for several sources; they hold at ``tenant`` alone."""
        self.tenant = tenant
        self._held: dict[str, list[Token]] = {}
        for token in tokens:
            self._held.setdefault(token.digest, []).append(token)
        self._digests = [(digest.encode(), tuple(of)) for digest, of in self._held.items()]
        self.keys = frozenset(token.key for of in self._held.values() for token in of)
        for (source, name), times in Counter(token.key for of in self._held.values() for token in of).items():
            if times > 1:
                raise AccessError(f"{source or 'tokens'}: more than one token is called {name}")

    def held(self, presented: str) -> tuple[Token, ...]:
        """What the token stands for, nothing if it is not known; takes as long for a near miss as for any other."""
        digest = sha256(presented).encode()
        found = [of for held, of in self._digests if hmac.compare_digest(held, digest)]
        return found[0] if found else ()


def caller(held: Iterable[Token]) -> Caller:
    """Who comes with a token; what is about the whole service is not narrowed by units."""
    rights: dict[str, frozenset[str]] = {}
    tokens = list(held)
    for token in tokens:
        for scope in token.scopes:
            units = EVERYWHERE if scope in WHOLE else token.units
            rights[scope] = rights.get(scope, frozenset()) | frozenset(units)
    name = "/".join(part for part in tokens[0].key if part)
    return Caller(name, f"token {name}", rights, "token")


def sha256(token: str) -> str:
    """The digest of a token as the table holds it."""
    return hashlib.sha256(token.encode()).hexdigest()
