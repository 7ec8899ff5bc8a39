"""The events of one request against each other and against what is remembered: repeats, and conflicts."""

from services.ingest.domain.memory import Memory, content, identity
from services.ingest.domain.outcome import Accepted, Outcome, Refused

MESSAGE = "another event of this source has this id and says something else: an id is of one event"


class Repeats:
    """Asked event by event, in their order. The first of an id stands; a repeat is published again: it does no harm."""

    def __init__(self, memory: Memory) -> None:
        """``memory`` is of other requests."""
        self._memory = memory
        self._here: dict[bytes, bytes] = {}
        self.duplicates: list[tuple[int, str]] = []
        """Which events of the request were sent before: their places, from 0, and ids."""
        self._count = 0

    def take(self, outcome: Outcome) -> Outcome:
        """The outcome, or its refusal as a conflict."""
        index = self._count
        self._count += 1
        if not isinstance(outcome, Accepted):
            return outcome
        key, said = identity(outcome.event), content(outcome.event)
        before = self._here.get(key) or self._memory.said(outcome.event)
        if before is not None and before != said:
            return _conflict(outcome)
        if before is not None:
            self.duplicates.append((index, outcome.event.id))
        self._here[key] = said
        return outcome


def _conflict(outcome: Accepted) -> Refused:
    """What would have been published stands for the original."""
    event = outcome.event
    return Refused(
        reason="conflict", path="$.id", message=MESSAGE, original=outcome.body, id=event.id, source=event.source
    )
