"""How often an address was turned away lately: told in the log, and answered by 429 where it is too often."""

from collections import OrderedDict
from time import monotonic
from typing import Any

import structlog
from litestar.connection import ASGIConnection
from litestar.exceptions import TooManyRequestsException

log = structlog.get_logger()

WINDOW_SECONDS = 60.0
MOST = 20
"""Of one address within a window. Who comes with what holds is let in all the same: others may share the address."""
ADDRESSES = 10_000
"""Remembered at once; of more the one that has been quiet the longest is forgotten."""


class Attempts:
    """Failed attempts of each address since its window began."""

    def __init__(self) -> None:
        """None yet."""
        self._failed: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def failed(self, address: str, what: str) -> None:
        """Another one; raises TooManyRequestsException once there are too many."""
        began, count = self._failed.pop(address, (monotonic(), 0))
        if monotonic() - began >= WINDOW_SECONDS:
            began, count = monotonic(), 0
        self._failed[address] = began, count + 1
        if len(self._failed) > ADDRESSES:
            self._failed.popitem(last=False)
        if count < MOST:
            log.warning("turned away", address=address, what=what, attempt=count + 1)
            return
        left = max(1, round(began + WINDOW_SECONDS - monotonic()))
        raise TooManyRequestsException("too many failed attempts from this address", headers={"Retry-After": str(left)})


def address_of(request: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Where a request comes from: behind a proxy, the proxy."""
    return request.client.host if request.client else ""
