"""The life of one part: reused when it is healthy, replaced when it is not, stopped by whom it belongs to."""

import asyncio
import errno
import hashlib
import json
import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path

from cli.connect.running import Running, RunningFile
from cli.local.stack import ports
from cli.local.stack.child import Child, Hold, leash
from cli.local.stack.errors import StackError, Unanswered
from cli.local.stack.part import StackPart
from shared.language.said import Said

MOVES = 3
"""How often a part that found its ports taken is given others; more would hide that something is wrong."""

TAKEN = os.strerror(errno.EADDRINUSE).lower()
"""How the programs say that somebody has their port."""
ENDED = Said("slutade genast", "ended at start")


class Managed:
    """A part with its process. ``ours`` tells whether this run has to stop it."""

    def __init__(self, part: StackPart, home: Path, base: Mapping[str, str], *, leashed: bool) -> None:
        """``base`` is the environment of the process; ``leashed`` ends it with us, however we end."""
        self.part = part
        self._base = base
        self._leashed = leashed
        self._record = RunningFile(home / "stack.json")
        self._owner = Hold(home / "run" / f"{part.name}.owner")
        self._child = Child(home / "run" / f"{part.name}.lock", home / "logs" / f"{part.name}.log")
        self._ports: dict[str, int] = {}
        self.ours = False

    @property
    def address(self) -> str:
        """Where clients find the part."""
        return self.part.address(self._ports)

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self._child.alive

    async def start(self) -> bool:
        """Have the part running and answering. True when it already was. Raises StackError."""
        known = self._record.read().get(self.part.name)
        if known and await self._reusable(known):
            self.ours = self._owner.take()
            return True
        await self._replace(known.ports if known else {})
        await self._answers_somewhere()
        return False

    async def relaunch(self) -> None:
        """Stop the part if it runs, and start it on the same ports, without waiting for an answer."""
        await self._child.stop(self.part.stop_signal, self.part.seconds_to_stop)
        await self._launch()

    async def answers(self) -> None:
        """Wait until the part answers; raises StackError when it ends or takes too long."""
        deadline = time.monotonic() + self.part.seconds_to_start
        while True:
            try:
                return await self.part.check(self.address)
            except Unanswered as reason:
                self._give_up_after(deadline, reason)
                await asyncio.sleep(0.1)

    async def _answers_somewhere(self) -> None:
        """Between our choosing a port and the part's taking it somebody else may: then it starts again on others."""
        for _ in range(MOVES):
            try:
                await self.answers()
            except StackError:
                if self.alive or TAKEN not in self._child.last_words(40).lower():
                    raise
                await self._replace({})
            else:
                return
        await self.answers()

    async def stop(self) -> None:
        """Stop the part if it belongs to this run."""
        if self.ours:
            await self._child.stop(self.part.stop_signal, self.part.seconds_to_stop)
            self._owner.release()
            self.ours = False

    def kill(self) -> None:
        """End the process at once, as a crash would."""
        self._child.send(signal.SIGKILL)

    async def _reusable(self, known: Running) -> bool:
        self._child.pid, self._ports = known.pid, dict(known.ports)
        if not self._child.alive or known.settings != self._settings():
            return False
        try:
            await self.answers()
        except StackError:
            return False
        return True

    async def _replace(self, remembered: Mapping[str, int]) -> None:
        """What still runs but is of no use is ended first: two of a part would share its files."""
        await self._child.stop(self.part.stop_signal, self.part.seconds_to_stop)
        self._owner.take()
        self.ours = True
        self._ports = ports.choose(self.part.ports_wanted, remembered)
        await self._launch()

    async def _launch(self) -> None:
        await self._child.gone(self.part.seconds_to_stop)
        await asyncio.to_thread(self.part.prepare, self._ports)
        environment = {**self._base, **self.part.environment(self._ports)}
        self._child.launch(self._command(), environment)
        running = Running(self._child.pid, self._ports, self.address, self._settings())
        self._record.write(self.part.name, running)

    def _command(self) -> list[str]:
        """The leash comes after the change of user, which would undo it."""
        tie = leash(self.part.stop_signal) if self._leashed else []
        return [*self.part.identity, *tie, *self.part.command(self._ports)]

    def _settings(self) -> str:
        started = [self.part.command(self._ports), self.part.environment(self._ports)]
        return hashlib.sha256(json.dumps(started, sort_keys=True).encode()).hexdigest()[:16]

    def _give_up_after(self, deadline: float, reason: Unanswered) -> None:
        ended = not self._child.alive
        if ended or time.monotonic() > deadline:
            name, log = self.part.name, f"{self._child.log}:\n{self._child.last_words()}"
            state = ENDED if ended else _silent(self.part.seconds_to_start, reason)
            raise StackError(
                f"{name} {state.sv}; slutet av loggen, {log}", f"{name} {state.en}; the end of its log, {log}"
            )


def _silent(seconds: float, reason: Unanswered) -> Said:
    return Said(f"svarar inte efter {seconds:.0f} s ({reason})", f"does not answer after {seconds:.0f} s ({reason})")
