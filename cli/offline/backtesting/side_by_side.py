"""Work done side by side: a part of it here, every other in a process of its own.

Such a process is a copy of this one, so a part may use whatever lies in memory; only what it comes to is sent back.
"""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

from shared.language.refusal import SaidError

Outcome = TypeVar("Outcome")
MOST = 2
"""Processes at work at once."""
_parts: list[Callable[[], Any]] = []
"""In a process beside, all parts: they are there since it was begun."""


class PartLostError(SaidError):
    """A process that did a part of the work was ended before it was done: there is no result."""


def ways(work: int, worth: int) -> int:
    """In how many parts to do so much work: one, unless there is as much as another process is ``worth``."""
    return min(MOST, os.cpu_count() or 1) if work >= worth else 1


def side_by_side(parts: Sequence[Callable[[], Outcome]]) -> list[Outcome]:
    """What each part comes to, in their order; what one raises is raised. Raises PartLostError."""
    if len(parts) < 2:
        return [part() for part in parts]
    with ProcessPoolExecutor(len(parts) - 1, get_context("fork"), _parts.extend, (parts,)) as others:
        asked = [others.submit(_do, place) for place in range(1, len(parts))]
        first = parts[0]()
        try:
            return [first, *(one.result() for one in asked)]
        except BrokenProcessPool:
            raise PartLostError(
                "en process som gjorde en del av arbetet avslutades: det finns inget resultat",
                "a process that did a part of the work was ended: there is no result",
            ) from None


def _do(place: int) -> Any:  # noqa: ANN401  (whatever the part comes to)
    return _parts[place]()


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
