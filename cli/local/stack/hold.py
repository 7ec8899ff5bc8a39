"""A hold on a file: an operating system lock that ends with the processes that have it, however they end."""

import fcntl
import os
from pathlib import Path

from cli import private


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
