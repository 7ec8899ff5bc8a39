"""stack.json: what runs where, for the next run and for whoever wants to connect."""

from pathlib import Path

import msgspec

from cli import private


class Running(msgspec.Struct, frozen=True):
    """A started part. ``settings`` is a digest of what it was started with."""

    pid: int
    ports: dict[str, int]
    address: str
    settings: str


class RunningFile:
    """The file, read anew at each use: several runs may share it, each writing under the stack's lock."""

    def __init__(self, path: Path) -> None:
        """The file need not exist."""
        self._path = path

    def read(self) -> dict[str, Running]:
        """Parts by name. An unreadable file counts as empty: the parts are then started anew."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Running])
        except (FileNotFoundError, msgspec.DecodeError):
            return {}

    def write(self, name: str, running: Running) -> None:
        """Replace one part's entry, the file as a whole."""
        parts = {**self.read(), name: running}
        fresh = self._path.with_suffix(".new")
        private.write(fresh, msgspec.json.format(msgspec.json.encode(parts)) + b"\n")
        fresh.replace(self._path)
