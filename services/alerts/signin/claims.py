"""What a token of the provider must say before it is believed."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a private key: with ``none`` or a shared secret anybody could make a token."""
LEEWAY_SECONDS = 60
LONGEST = 100_000
"""Characters of a token."""
MOST_GROUPS = 1_000
ENDED = "http://schemas.openid.net/event/backchannel-logout"

Claims = Mapping[str, Any]


class RefusedError(Exception):
    """A token that is not believed; the message says why, and quotes nothing of it."""


class Person(NamedTuple):
    """Who signed in: ``subject`` is the provider's name for somebody, ``session`` for being signed in there."""

    subject: str
    session: str
    name: str
    groups: tuple[str, ...]


class SignedOut(NamedTuple):
    """Whose session at the provider ended, or all of somebody's; ``at`` is in seconds since 1970."""

    subject: str
    session: str
    at: int


class Expected(NamedTuple):
    """Who issues tokens, for whom, and what time it is, in seconds since 1970."""

    issuer: str
    client: str
    now: Callable[[], int]


def read(token: str, keys: KeySet, expected: Expected) -> Claims:
    """The claims of a token that one of the keys has signed, for this client, and that has not ended.

    Raises RefusedError, and JoseError where no key has the name that the token gives.
    """
    if len(token) > LONGEST:
        raise RefusedError("the token is too long")
    found = jwt.decode(token, keys, algorithms=ALGORITHMS)
    rules = jwt.JWTClaimsRegistry(
        now=expected.now(),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.client},
        iat={"essential": True},
    )
    try:
        rules.validate(found.claims)
    except JoseError as error:
        raise RefusedError(f"{type(error).__name__}: {getattr(error, 'claim', '')}") from None
    return found.claims


def person(claims: Claims, expected: Expected, nonce: str, groups: str) -> Person:
    """Who an identity token is about; ``groups`` is the claim that names them. Raises RefusedError."""
    audience = claims["aud"]
    if claims.get("nonce") != nonce:
        raise RefusedError("the nonce is of another attempt")
    if "exp" not in claims:
        raise RefusedError("the token has no end")
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != expected.client:
        raise RefusedError("the token is for several clients, and was given to another")
    subject = _text(claims, "sub")
    if not subject:
        raise RefusedError("the token says of nobody")
    named = claims.get(groups, [])
    found = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    known = tuple(_clean(one) for one in found if isinstance(one, str))[:MOST_GROUPS]
    name = _text(claims, "name") or _text(claims, "preferred_username") or subject
    return Person(subject, _text(claims, "sid"), name, known)


def signed_out(claims: Claims) -> SignedOut:
    """Whose session a logout token ends; raises RefusedError."""
    events = claims.get("events")
    if not isinstance(events, Mapping) or ENDED not in events or "nonce" in claims:
        raise RefusedError("not a logout token")
    subject, session = _text(claims, "sub"), _text(claims, "sid")
    if not (subject or session):
        raise RefusedError("the token says of nobody")
    return SignedOut(subject, session, int(claims["iat"]))


def _text(claims: Claims, name: str) -> str:
    found = claims.get(name)
    return _clean(found)[:500] if isinstance(found, str) else ""


def _clean(text: str) -> str:
    """Without what no table holds, and what moves a terminal."""
    return "".join(character for character in text if character.isprintable())
