"""What a form sent: from a page of this board alone, each order once, and who sent it."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit
from uuid import uuid4

from services.alerts.board.answer import Asked
from shared.kit.access import guard
from shared.kit.access.guard import ElsewhereError

NOTHING_SENT: Mapping[str, str] = MappingProxyType({})
KEY = "key"
"""The field that tells one order from another, and a form that is sent twice from two orders."""
LONGEST_KEY = 100


async def form(request: Asked, address: str) -> dict[str, str]:
    """The fields as they were written; raises ElsewhereError for a form of somebody else's page.

    ``address`` is where people reach the board; empty: the host that the request names.
    """
    here = urlsplit(address).netloc or request.headers.get("host", "")
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
    if (origin is not None and urlsplit(origin).netloc != here) or site not in {"same-origin", "none"}:
        raise ElsewhereError("the form was sent from another page")
    return {name: value.strip() for name, value in (await request.form()).items() if isinstance(value, str)}


def new_key() -> str:
    """For a form that is shown."""
    return uuid4().hex


def key(sent: Mapping[str, str]) -> str:
    """The key of the form that was sent; of one without, a new one."""
    return f"board/{sent.get(KEY, '')[:LONGEST_KEY] or new_key()}"


def who(request: Asked) -> str:
    """Who sends it."""
    return guard.who(request).name
