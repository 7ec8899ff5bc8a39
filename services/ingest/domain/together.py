"""The events of one request belong together: where none says to what delivery, they are one of their own.

It is named after the ids of its events, so that the same request again is the same delivery; by letters alone, since
digits may happen to look like those of a person. It has as many events as are accepted.
"""

from hashlib import blake2b
from typing import TypeGuard

from msgspec.structs import replace

from services.ingest.domain.outcome import Accepted, Outcome

_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


class Together:
    """The accepted events of one request, by source: first all are taken, then each is named."""

    def __init__(self) -> None:
        """None yet."""
        self._of: dict[str, _Named] = {}

    def take(self, outcome: Outcome) -> None:
        """One more; it counts if it is accepted and of no other delivery."""
        if _is_loose(outcome):
            self._of.setdefault(outcome.event.source, _Named()).take(outcome)

    def named(self, outcome: Outcome) -> Outcome:
        """With the name of the delivery, and the last with its count; alone it is as it was."""
        if not _is_loose(outcome):
            return outcome
        delivery = self._of[outcome.event.source]
        return delivery.named(outcome) if len(delivery.ids) > 1 else outcome


def _is_loose(outcome: Outcome) -> TypeGuard[Accepted]:
    return isinstance(outcome, Accepted) and outcome.event.delivery is None


class _Named:
    def __init__(self) -> None:
        self.ids: set[str] = set()
        self._digest = blake2b(digest_size=16)
        self._last: Accepted | None = None

    def take(self, accepted: Accepted) -> None:
        id_ = accepted.event.id
        self.ids.add(id_)
        self._digest.update(f"{len(id_)}:{id_}".encode())
        self._last = accepted

    def named(self, accepted: Accepted) -> Accepted:
        name = f"request-{self._digest.hexdigest().translate(_LETTERS)}"
        count = len(self.ids) if accepted is self._last else None
        return replace(accepted, event=replace(accepted.event, delivery=name, deliverycount=count))
