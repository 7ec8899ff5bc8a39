"""How far the reading of files has come: what a terminal shows meanwhile."""

import os
from typing import BinaryIO

from cli.connect.importing.understood import Understood
from cli.terminal import harmless


class Progress:
    """Of a first reading its share of the file, then how many of the records are used."""

    def __init__(self, understood: Understood) -> None:
        """Nothing is read yet of the files that it is about."""
        self._understood = understood
        self._name = ", ".join(understood.files)
        self._file: BinaryIO | None = None
        self._size = 0

    def begin(self, file: BinaryIO, name: str) -> None:
        """The first reading of a file begins."""
        self._name, self._size, self._file = name, file.seek(0, os.SEEK_END), file
        file.seek(0)

    def __rich__(self) -> str:
        """One line; it is asked for from another thread than the one that reads."""
        name, expected = harmless(self._name), self._understood.expected
        if expected:
            return f"{name}: {self._understood.records:,} / {expected:,}"
        if self._file is None or self._file.closed or not self._size:
            return name
        return f"{name}: {self._file.tell() / self._size:.0%}"
