"""Whether the past has come to rest: what is told of health stays told, so none of it is told of half a log."""

from collections.abc import Callable
from time import monotonic

LONGEST = 3_600.0
"""Seconds after which what came is told all the same: something may come all the time."""


class Quiet:
    """Since when nothing of the past has come."""

    def __init__(self, settle: float, now: Callable[[], float] = monotonic) -> None:
        """Nothing has; ``settle`` is how many seconds that has to last."""
        self._settle, self._now = settle, now
        self._first: float | None = None
        self._last = 0.0

    @property
    def waits(self) -> bool:
        """Whether something has come that was not told of."""
        return self._first is not None

    @property
    def is_settled(self) -> bool:
        """Whether what came may be told of."""
        if self._first is None:
            return True
        return self._now() - self._last >= self._settle or self._now() - self._first >= LONGEST

    def came(self) -> None:
        """Something of the past has come."""
        self._last = self._now()
        self._first = self._last if self._first is None else self._first

    def told(self) -> None:
        """It has been told of."""
        self._first = None
