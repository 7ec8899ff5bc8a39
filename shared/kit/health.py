"""Health: is the process alive, is it ready for work, and what of it does not work meanwhile.

Alive: no task has ended; whoever runs the process restarts it otherwise. Ready: every essential part works; send it no
work otherwise. Degraded: a part does not work, or not well, and the service goes on without it.
"""

import msgspec
import structlog

from shared.contracts.release import SCHEMAS, VERSION, Condition, Part, Readiness, Schema
from shared.kit.clock import Clock

log = structlog.get_logger()


class Ended(msgspec.Struct, frozen=True):
    """A task that must never end has ended."""

    task: str
    reason: str

    def __str__(self) -> str:
        """As the last line of the process."""
        return f"the task {self.task} has ended: {self.reason}"


class Health:
    """The conditions of a service's parts. The service is not ready before every part has reported once."""

    def __init__(self, clock: Clock, *parts: str, lesser: tuple[str, ...] = (), schema: str | None = None) -> None:
        """Every part starts as "starting". Each of ``parts`` is essential; ``lesser`` ones the service can miss.

        ``schema`` is that of the service's database.
        """
        self._clock = clock
        self._lesser = frozenset(lesser)
        self._parts = {name: Part(name, "bad", "starting", clock.now()) for name in (*parts, *lesser)}
        self._ended: Ended | None = None
        self._schema = Schema(SCHEMAS[schema], None) if schema else None

    def ok(self, name: str) -> None:
        """The part works."""
        self._set(name, "ok", None)

    def degraded(self, name: str, reason: str) -> None:
        """The part works, but not as it should, and why."""
        self._set(name, "degraded", reason)

    def hindered(self, name: str, reason: str | None) -> None:
        """The part works; ``reason`` is what keeps it from working as it should, None if nothing does."""
        self._set(name, "degraded" if reason else "ok", reason)

    def bad(self, name: str, problem: str) -> None:
        """The part does not work, and why; the service can do without a lesser one, and is degraded."""
        self._set(name, "degraded" if name in self._lesser else "bad", problem)

    def end(self, ended: Ended) -> None:
        """A task has ended; of several the first is told of."""
        self._ended = self._ended or ended

    def works(self, name: str) -> bool:
        """Whether nothing is wrong with the part."""
        return self._parts[name].condition == "ok"

    def met(self, found: int) -> None:
        """The last migration that the service's database has had, by its number."""
        if self._schema and found != self._schema.found:
            self._schema = Schema(self._schema.needed, found)
            if found > self._schema.needed:
                log.warning("the database is of a later release", needed=self._schema.needed, found=found)

    def _set(self, name: str, condition: Condition, problem: str | None) -> None:
        part = self._parts[name]
        if (part.condition, part.problem) != (condition, problem):
            self._parts[name] = Part(name, condition, problem, self._clock.now())

    @property
    def ended(self) -> Ended | None:
        """The task that has ended; None while the process is alive."""
        return self._ended

    @property
    def ready(self) -> bool:
        """True when every essential part works and every other one has reported."""
        return all(part.condition != "bad" for part in self._parts.values())

    def report(self) -> list[Part]:
        """Every part, by name."""
        return [self._parts[name] for name in sorted(self._parts)]

    def readiness(self) -> Readiness:
        """What ``/readyz`` says."""
        return Readiness(VERSION, self._schema, self.report())
