"""Where a part runs: an address, and what goes before its command so that it runs there."""

from typing import NamedTuple


class Machine(NamedTuple):
    """The address that others find it at; ``inside`` is nothing on the machine of the test itself."""

    host: str = "127.0.0.1"
    inside: tuple[str, ...] = ()


HERE = Machine()
