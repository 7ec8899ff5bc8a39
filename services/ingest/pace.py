"""Long work in short turns: the event loop is free again after a few milliseconds, however much there is to do."""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")
Now = Callable[[], float]

TURN = 0.002
"""Seconds of a turn, and what is begun in it is ended. What a message costs is not to be told from its size."""


class Pace:
    """Knows for how long one piece of work has not let others in."""

    def __init__(self, now: Now = time.perf_counter) -> None:
        """A turn begins."""
        self._now = now
        self._until = now() + TURN

    async def after(self) -> None:
        """Let others in, if the message just dealt with was the last of a turn."""
        if self._now() >= self._until:
            await asyncio.sleep(0)
            self._until = self._now() + TURN


async def in_turns(items: Iterable[A], work: Callable[[A], B], now: Now = time.perf_counter) -> list[B]:
    """``work`` on each of ``items``, in their order."""
    pace, done = Pace(now), []
    for item in items:
        done.append(work(item))
        await pace.after()
    return done
