"""Health: each part of a service says whether it works, and since when it does not."""

from datetime import datetime

import msgspec

from shared.kit.clock import Clock


class Part(msgspec.Struct, frozen=True):
    """One part's condition; ``problem`` is None while it works."""

    name: str
    problem: str | None
    since: datetime


class Health:
    """The conditions of a service's parts. A part that never reported counts as not working."""

    def __init__(self, clock: Clock, *parts: str) -> None:
        """Every part starts as "starting"."""
        self._clock = clock
        self._parts = {name: Part(name, "starting", clock.now()) for name in parts}

    def ok(self, name: str) -> None:
        """The part works."""
        self._set(name, None)

    def bad(self, name: str, problem: str) -> None:
        """The part does not work, and why."""
        self._set(name, problem)

    def _set(self, name: str, problem: str | None) -> None:
        if self._parts[name].problem != problem:
            self._parts[name] = Part(name, problem, self._clock.now())

    @property
    def ready(self) -> bool:
        """True when every part works."""
        return all(p.problem is None for p in self._parts.values())

    def report(self) -> list[Part]:
        """Every part, by name."""
        return [self._parts[name] for name in sorted(self._parts)]
