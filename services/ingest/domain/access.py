"""Who may publish what: each source has its tokens, and a token publishes only what it is given for."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

import msgspec

from services.ingest.domain.refusal import RefusalError
from shared.access.tokens import Token
from shared.contracts.envelope import CloudEvent
from shared.contracts.event_types import RETRACTED

EVERY_SOURCE = "*"


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
    """What one token may publish; without rules nothing."""

    name: str
    rules: tuple[Rule, ...]

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


def grant(held: Iterable[Token]) -> Grant:
    """What a token of the table, as the sources it stands for, may publish."""
    tokens = tuple(held)
    rules = (Rule(one.source, one.called, one.types, one.subjects) for one in tokens if "events:write" in one.scopes)
    return Grant(tokens[0].called, tuple(rules))
