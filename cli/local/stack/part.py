"""What the stack knows of a part: the ports it wants, how it is prepared and started, and how to see that it works."""

import abc
import signal
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from cli import private
from cli.local.stack.answers import Check

ROOT = Path(__file__).resolve().parents[3]
"""The checkout, which holds deploy/."""

Ports = Mapping[str, int]
"""Port numbers by what they are for."""


class StackPart(abc.ABC):
    """One kind of process. All its files are in ``folder``."""

    ports_wanted: Mapping[str, int] = MappingProxyType({"port": 0})
    """The ports to find, each with the number to prefer (0: any)."""
    stop_signal = signal.SIGTERM
    seconds_to_start = 60.0
    seconds_to_stop = 15.0
    check: Check

    def __init__(self, name: str, folder: Path) -> None:
        """Nothing is touched yet."""
        self.name = name
        self.folder = folder

    @property
    def identity(self) -> list[str]:
        """What goes before the command so that it runs as the right user; raises StackError."""
        return []

    def prepare(self, ports: Ports) -> None:  # noqa: ARG002 — some parts write them down
        """Make the folder, and what else the process needs before it starts; raises StackError."""
        private.folder(self.folder)

    @abc.abstractmethod
    def command(self, ports: Ports) -> list[str]:
        """The program and its arguments."""

    @abc.abstractmethod
    def address(self, ports: Ports) -> str:
        """Where clients find it, as their settings say it."""

    def environment(self, ports: Ports) -> dict[str, str]:  # noqa: ARG002 — most parts need none
        """Settings the process gets beside the caller's environment."""
        return {}
