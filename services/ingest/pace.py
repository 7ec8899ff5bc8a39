"""Long work in short turns: the event loop is free again after a few milliseconds, however much there is to do."""

import asyncio
from collections.abc import Callable, Iterable
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")

TURN = 65_536
"""Bytes dealt with in one turn; judging them takes one to two milliseconds."""
EACH = 2048
"""What a message costs beside its bytes, in bytes: a turn has at most 32 messages."""


class Pace:
    """Counts what one piece of work has done since it last let others in."""

    def __init__(self) -> None:
        """A turn begins."""
        self._spent = 0

    async def after(self, size: int) -> None:
        """Let others in, if the message of ``size`` bytes just dealt with was the last of a turn."""
        self._spent += EACH + size
        if self._spent >= TURN:
            self._spent = 0
            await asyncio.sleep(0)


async def in_turns(items: Iterable[A], work: Callable[[A], B], size: Callable[[A], int]) -> list[B]:
    """``work`` on each of ``items``, in their order."""
    pace, done = Pace(), []
    for item in items:
        done.append(work(item))
        await pace.after(size(item))
    return done
