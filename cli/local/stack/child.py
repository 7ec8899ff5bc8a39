"""One process of the stack: started so that it can be found again, and known to live by a hold on a file."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from signal import SIGKILL, Signals

from cli import private
from cli.local.stack.hold import Hold


class Child:
    """A process that this run or an earlier one started. Its number counts only while ``hold`` is taken by it."""

    def __init__(self, hold: Path, log: Path) -> None:
        """``hold`` is locked while the process lives; ``log`` gets what it prints."""
        self.pid = 0
        self.log = log
        self._hold = hold
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        """Whether the process, or a child of its own, still runs."""
        if self._process is not None:
            self._process.poll()
        probe = Hold(self._hold)
        free = probe.take()
        probe.release()
        return not free

    def launch(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start ``command`` in a session of its own, where a Ctrl-C at the terminal does not reach it."""
        hold = Hold(self._hold)
        if not hold.take():
            raise RuntimeError(f"{self._hold} is held: the process still runs")
        private.folder(self.log.parent)
        with open(self.log, "ab", opener=private.opener) as log:
            self._process = subprocess.Popen(
                command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[hold.descriptor],
                start_new_session=True,
                umask=private.MASK,
            )
        self.pid = self._process.pid
        hold.release()

    def send(self, number: Signals) -> None:
        """Send a signal, if the process lives."""
        if self.pid and self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    async def gone(self, seconds: float) -> bool:
        """Wait until the process and its children have ended; False when ``seconds`` were not enough."""
        deadline = time.monotonic() + seconds
        while self.alive:
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(0.05)
        return True

    async def stop(self, number: Signals, seconds: float) -> None:
        """Ask with ``number``; after ``seconds``, end the whole session of the process."""
        self.send(number)
        if not await self.gone(seconds):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, SIGKILL)
            await self.gone(seconds)

    def last_words(self, lines: int = 12) -> str:
        """The end of the log."""
        with contextlib.suppress(FileNotFoundError):
            return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])
        return ""


def leash(number: Signals) -> list[str]:
    """What goes before a command so that it is signalled when its parent ends; nothing where setpriv is missing."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", number.name.removeprefix("SIG"), "--"] if setpriv else []
