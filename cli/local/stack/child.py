"""One process of the stack: started so that it can be found again, and known to live by a hold on a file.

A hold is an operating system lock that ends with the processes that have it, however they end.
"""

import asyncio
import contextlib
import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from signal import SIGKILL, Signals

from cli import private


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


class Hold:
    """An exclusive lock on ``path``. A child that inherits ``descriptor`` keeps the hold until it has ended too."""

    def __init__(self, path: Path) -> None:
        """Nothing is held yet."""
        self._path = path
        self._descriptor: int | None = None

    @property
    def descriptor(self) -> int:
        """The open file that carries the lock; taken first."""
        if self._descriptor is None:
            raise ValueError(f"{self._path} is not held")
        return self._descriptor

    def take(self) -> bool:
        """True when the hold is ours, from now or from before; False when another process has it."""
        if self._descriptor is None:
            self._descriptor = self._locked()
        return self._descriptor is not None

    def release(self) -> None:
        """Let go of our side: the hold ends when no child has it either."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _locked(self) -> int | None:
        private.folder(self._path.parent)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor
