"""What the first shard has published and others have not: until they have, what is published is of several states."""

from services.metrics.ledger.term import Term


class Others:
    """How far the leaders of the other shards are behind that of the first."""

    def __init__(self, term: Term) -> None:
        """They are not; ``term`` is that of the first."""
        self._term = term
        self._owed: int | None = None
        self._published = 0

    @property
    def behind(self) -> bool:
        """Whether any has not published what it had to when they were last waited for."""
        return self._owed is not None

    def follow(self, revision: int) -> None:
        """The first has published as of a place in the order of commits. What was owed before is waited for before."""
        self._published = revision
        self._owed = revision if self._owed is None else self._owed

    async def wait(self) -> bool:
        """Whether any has not published all that the first has."""
        if self._owed is not None and await self._term.is_everywhere(self._owed):
            self._owed = self._published if self._published > self._owed else None
        return self.behind
