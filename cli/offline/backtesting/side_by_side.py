"""Work done side by side: parts of it here, others in a process beside; whoever is done with one takes the next.

That process is a copy of this one, so a part may use whatever lies in memory; only what it comes to is sent back.
"""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, NamedTuple, Protocol, TypeVar

from shared.language.refusal import SaidError

Outcome = TypeVar("Outcome")
MOST = 2
"""Processes at work at once."""


class _Counter(Protocol):
    """A number that both processes count up."""

    value: int

    def get_lock(self) -> Any:  # noqa: ANN401  (of multiprocessing, which names no type of it)
        """Held while it is counted."""


class _Work(NamedTuple):
    """All parts, and how many were taken of those that lie between the first and the last."""

    parts: Sequence[Callable[[], Any]]
    taken: _Counter

    def do(self, first: int) -> dict[int, Any]:
        """This part, and then whatever is left; what they come to, by their places."""
        return {place: self.parts[place]() for place in self._mine(first)}

    def _mine(self, place: int) -> Iterator[int]:
        last = len(self.parts) - 1
        yield place
        while True:
            with self.taken.get_lock():
                self.taken.value += 1
                place = self.taken.value
            if place >= last:
                return
            yield place


_inherited: list[_Work] = []
"""In the process beside, the work: it is there since it was begun."""


class PartLostError(SaidError):
    """A process that did a part of the work was ended before it was done: there is no result."""


def ways(work: int, worth: int) -> int:
    """How many processes are to do so much work: one, unless there is as much as another is ``worth``."""
    return min(MOST, os.cpu_count() or 1) if work >= worth else 1


def side_by_side(parts: Sequence[Callable[[], Outcome]]) -> list[Outcome]:
    """What each part comes to, in their order; what one raises is raised. Raises PartLostError.

    The first is done here, the last beside.
    """
    if len(parts) < 2:
        return [part() for part in parts]
    context = get_context("fork")
    work = _Work(parts, context.Value("i", 0))
    with ProcessPoolExecutor(1, context, _inherited.append, (work,)) as other:
        beside = other.submit(_do_beside)
        found: dict[int, Outcome] = work.do(0)
        try:
            found |= beside.result()
        except BrokenProcessPool:
            raise PartLostError(
                "en process som gjorde en del av arbetet avslutades: det finns inget resultat",
                "a process that did a part of the work was ended: there is no result",
            ) from None
    return [found[place] for place in range(len(parts))]


def _do_beside() -> dict[int, Any]:
    [work] = _inherited
    return work.do(len(work.parts) - 1)


@contextmanager
def nothing_thrown_away() -> Iterator[None]:
    """While this lasts nobody looks for garbage: for work that makes millions of objects, all of which stay."""
    was_looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_looking:
            gc.enable()
