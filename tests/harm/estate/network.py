"""Machines of their own network, by namespaces of the kernel (as root, with iproute2), which can be cut in two.

Each machine has a cable to a switch. Of a machine whose cable is put into another switch nothing arrives any more, and
nobody is told: neither it nor the others, as when a switch fails or a machine is gone.
"""

import contextlib
import os
import subprocess
from collections.abc import Iterable, Iterator

from tests.harm.estate.machine import Machine

SWITCH, OTHER = "stadga-one", "stadga-two"
NET, OURS = "10.177.0.0/24", "10.177.0.1/24"


class Network:
    """The machines by name; ours is on the first switch."""

    def __init__(self, names: Iterable[str]) -> None:
        """Nothing is laid yet."""
        self._numbers = {name: number for number, name in enumerate(names, 10)}
        self.machines = {name: Machine(f"10.177.0.{n}", self._inside(n)) for name, n in self._numbers.items()}

    def cut(self, *names: str) -> None:
        """These are among themselves from now on."""
        for name in names:
            _ip("link", "set", self._cable(name), "master", OTHER)

    def mend(self) -> None:
        """All reach all again."""
        for name in self._numbers:
            _ip("link", "set", self._cable(name), "master", SWITCH)

    def lay(self) -> None:
        """Switches, and a cable to each machine."""
        for switch in (SWITCH, OTHER):
            _ip("link", "add", switch, "type", "bridge")
            _ip("link", "set", switch, "up")
        _ip("link", "set", SWITCH, "address", _card(1))
        _ip("address", "add", OURS, "dev", SWITCH)
        for name, number in self._numbers.items():
            space, cable, end = _space(number), self._cable(name), f"stadga-e{number}"
            _ip("netns", "add", space)
            _ip("link", "add", cable, "type", "veth", "peer", "name", end)
            _ip("link", "set", end, "netns", space)
            _ip("link", "set", cable, "master", SWITCH, "up")
            _ip("-n", space, "address", "add", f"10.177.0.{number}/24", "dev", end)
            _ip("-n", space, "link", "set", end, "address", _card(number))
            for device in ("lo", end):
                _ip("-n", space, "link", "set", device, "up")
            self._introduce(number, space, end)

    def _introduce(self, number: int, space: str, end: str) -> None:
        """Who knows another's card for good does not ask for it in vain, which would tell that nobody is there."""
        _ip(*_known(number, SWITCH))
        for other in (1, *self._numbers.values()):
            if other != number:
                _ip("-n", space, *_known(other, end))

    def clear(self) -> None:
        """As it was, also after a run that was ended by force."""
        for number in self._numbers.values():
            _ip("netns", "delete", _space(number), must=False)
        for switch in (SWITCH, OTHER):
            _ip("link", "delete", switch, must=False)

    def _cable(self, name: str) -> str:
        return f"stadga-c{self._numbers[name]}"

    @staticmethod
    def _inside(number: int) -> tuple[str, ...]:
        return ("ip", "netns", "exec", _space(number))


@contextlib.contextmanager
def network(*names: str) -> Iterator[Network]:
    """Machines of these names."""
    assert os.geteuid() == 0, "a network is cut by the kernel's namespaces: run this as root"
    laid = Network(names)
    laid.clear()
    laid.lay()
    try:
        yield laid
    finally:
        laid.clear()


def _card(number: int) -> str:
    return f"02:00:00:00:00:{number:02x}"


def _known(number: int, device: str) -> list[str]:
    known = ["neighbour", "replace", f"10.177.0.{number}", "lladdr", _card(number)]
    return [*known, "dev", device, "nud", "permanent"]


def _space(number: int) -> str:
    return f"stadga-{number}"


def _ip(*arguments: str, must: bool = True) -> None:
    subprocess.run(["ip", *arguments], check=must, capture_output=not must)
