"""Who may publish what: each source has its tokens, and a token publishes only what it is given for."""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Annotated

import msgspec
from msgspec import Meta

from services.ingest.domain.refusal import RefusalError
from shared.contracts.envelope import CloudEvent
from shared.contracts.event_types import RETRACTED
from shared.contracts.events import TYPES
from shared.contracts.subjects import SUBJECT_KINDS

EVERY_SOURCE = "*"
SHORT = 8
"""Digits of a digest that name a token without a name of its own: no help in finding the token."""
Some = Annotated[tuple[str, ...], Meta(min_length=1, max_length=100)]
_DIGEST = re.compile(r"[0-9a-f]{64}")
_EVERY_TYPE = (*TYPES, RETRACTED)


class AccessError(ValueError):
    """The table of tokens is wrong; the message names the place at fault, never a token."""


class Token(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token of a source as the table holds it: its SHA-256 in hexadecimal, and what it is for.

    ``types`` are patterns such as ``hr.absence.*``, ``subjects`` kinds such as ``person``; without them, all. An empty
    list is not without them, and would allow nothing: it is refused.
    """

    sha256: str
    name: str = ""
    types: Some = ()
    subjects: Some = ()


class Rule(msgspec.Struct, frozen=True):
    """What a token may publish of one source."""

    source: str
    token: str
    types: tuple[str, ...]
    subjects: tuple[str, ...]

    def allows(self, event: CloudEvent) -> bool:
        """Whether the event may be published."""
        return self.of(event) and (
            not (self.types or self.subjects)
            or (self.allows_type(event.type) and self.allows_subject(event.subject) and self.allows_correcting(event))
        )

    def of(self, event: CloudEvent) -> bool:
        """Whether it is a rule about events of that source."""
        return self.source == EVERY_SOURCE or self.source == event.source  # noqa: PLR1714 -- asked of each event: no tuple

    def allows_type(self, type_: str) -> bool:
        """Whether events of that type may be published."""
        return not self.types or any(fnmatchcase(type_, pattern) for pattern in self.types)

    def allows_subject(self, subject: str) -> bool:
        """Whether events about subjects of that kind may be published."""
        return not self.subjects or subject.partition("/")[0] in self.subjects

    def allows_correcting(self, event: CloudEvent) -> bool:
        """A correction undoes an event of any type, as a retraction does, and so needs the same permission."""
        return event.corrects is None or self.allows_type(RETRACTED)


class Grant(msgspec.Struct, frozen=True):
    """What one token stands for."""

    rules: tuple[Rule, ...]

    @property
    def name(self) -> str:
        """What to call the token."""
        return self.rules[0].token

    def check(self, event: CloudEvent) -> None:
        """Raise RefusalError if the event may not be published."""
        for rule in self.rules:
            if rule.allows(event):
                return
        raise self._refusal(event)

    def _refusal(self, event: CloudEvent) -> RefusalError:
        """The first thing that no rule allows."""
        rules = [rule for rule in self.rules if rule.of(event)]
        if not rules:
            return RefusalError("source_not_allowed", "$.source", "this token may not publish events of this source")
        rules = [rule for rule in rules if rule.allows_type(event.type)]
        if not rules:
            return RefusalError("type_not_allowed", "$.type", "this token may not publish events of this type")
        if not any(rule.allows_subject(event.subject) for rule in rules):
            return RefusalError("subject_not_allowed", "$.subject", "this token may not publish about such subjects")
        message = f"this token may not correct events: that needs the type {RETRACTED}"
        return RefusalError("type_not_allowed", "$.corrects", message)


class Access:
    """Tokens are known by their SHA-256 only."""

    def __init__(self, table: Iterable[tuple[str, Token]]) -> None:
        """``table``: a source, or ``*`` for all, and a token of it; a token may stand for several sources."""
        rules: dict[str, list[Rule]] = {}
        for source, token in table:
            rules.setdefault(_digest(token), []).append(_rule(source, token))
        self._grants = [(digest.encode(), Grant(tuple(of))) for digest, of in rules.items()]
        self.tokens = _distinct(rules)

    def grant(self, token: str) -> Grant | None:
        """What the token allows, or None; takes as long for a near miss as for any other."""
        presented = sha256(token).encode()
        found = [grant for digest, grant in self._grants if hmac.compare_digest(digest, presented)]
        return found[0] if found else None


def _digest(token: Token) -> str:
    text = token.sha256.strip().lower()
    if not _DIGEST.fullmatch(text):
        raise AccessError("sha256: not the SHA-256 of a token in hexadecimal (64 digits)")
    return text


def _rule(source: str, token: Token) -> Rule:
    for pattern in token.types:
        if not any(fnmatchcase(type_, pattern) for type_ in _EVERY_TYPE):
            raise AccessError(f"types: {pattern} is the pattern of no type of events")
    for kind in token.subjects:
        if kind not in SUBJECT_KINDS:
            raise AccessError(f"subjects: {kind} is none of {', '.join(SUBJECT_KINDS)}")
    return Rule(source, token.name or _digest(token)[:SHORT], token.types, token.subjects)


def _distinct(rules: dict[str, list[Rule]]) -> frozenset[tuple[str, str]]:
    """Source and name of each token, by which its use is shown; the same pair twice would hide which is in use."""
    pairs = Counter((rule.source, rule.token) for of in rules.values() for rule in of)
    for (source, name), times in pairs.items():
        if times > 1:
            raise AccessError(f"{source}: more than one token is called {name}")
    return frozenset(pairs)


def sha256(token: str) -> str:
    """The digest of a token as the table holds it."""
    return hashlib.sha256(token.encode()).hexdigest()
