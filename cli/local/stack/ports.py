"""Free ports on loopback."""

import contextlib
import random
import socket
from collections.abc import Mapping

RANGE = range(20_000, 30_000)
"""Below the ports that outgoing connections get: a client that tries to reconnect cannot sit on a part's port."""
CHANCE = random.SystemRandom()
"""Of the operating system: two runs whose generators were seeded alike would choose the same ports."""


def choose(wanted: Mapping[str, int], remembered: Mapping[str, int]) -> dict[str, int]:
    """A free port for each name: the one remembered, else the preferred, else any; 0 stands for no preference."""
    with contextlib.ExitStack() as held:
        return {name: _free(held, remembered.get(name, 0), preferred) for name, preferred in wanted.items()}


def _free(held: contextlib.ExitStack, *liked: int) -> int:
    any_order = CHANCE.sample(RANGE, len(RANGE))
    return next(port for port in (*liked, *any_order) if port and _bound(port, held))


def _bound(port: int, held: contextlib.ExitStack) -> bool:
    """Keep the port until all are chosen, so that no two names get the same one: two may bind it, one may listen."""
    listener = held.enter_context(socket.socket())
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen()
    except OSError:
        return False
    return True
