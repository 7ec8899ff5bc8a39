"""The link that ends a recipient's weekly summaries: it names the plan and the recipient, signed for their address.

It never expires: it can do nothing but spare its reader a mail, and an old summary in a mailbox should still do that.
"""

import base64
import hashlib
import hmac
import re
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import msgspec

PATH = "/unsubscribe"
_ALERTS = re.compile(r"/(?:board|v1)/alerts(?:[/?]|$)")


class Reader(NamedTuple):
    """A recipient of a plan at an address: whoever has another one has ended nothing."""

    plan: str
    recipient: str
    address: str


def signature(key: bytes, reader: Reader) -> str:
    """What only who has the key can make of a link."""
    told = hmac.digest(key, msgspec.json.encode(("end the weekly summary", *reader)), hashlib.sha256)
    return base64.urlsafe_b64encode(told[:24]).decode()


def holds(key: bytes, reader: Reader, given: str) -> bool:
    """Whether a link is one that was sent to the reader."""
    return hmac.compare_digest(signature(key, reader).encode(), given.encode())


def leave(base: str, key: bytes, reader: Reader) -> str:
    """The link, at the server that ``base`` is the address of."""
    return f"{base}{PATH}/{quote(reader.plan, safe='')}/{quote(reader.recipient, safe='')}?sig={signature(key, reader)}"


def server(link: str) -> str:
    """The address of the server that links of alerts lead to: what comes before the part of it that is about alerts."""
    parts = urlsplit(link)
    found = _ALERTS.search(parts.path)
    return f"{parts.scheme}://{parts.netloc}{parts.path[: found.start()] if found else ''}"
