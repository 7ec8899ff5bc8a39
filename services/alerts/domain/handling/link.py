"""Links in mails: each names its reader, its alert and the day it expires, signed so that none of it can be changed.

A link shows no value by itself: it says who was to follow it, to a page that decides what they may see.
"""

import base64
import hashlib
import hmac
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import quote

import msgspec

LASTS = timedelta(60)
"""How long a link is good: a mail that still matters after that has been followed by another."""
SHORTEST = 32
"""Bytes of a key."""
PAGE = "/board/alerts/"
"""What the address of an alert's page has in it, before the names of the alert."""


class LinkAbout(NamedTuple):
    """The alert, by plan, target and unit; the recipient of the plan it was sent to; the first day it is no good."""

    plan: str
    target: str
    unit: str
    to: str
    expires: date


def signature(key: bytes, about: LinkAbout) -> str:
    """What only who has the key can make of a link."""
    digest = hmac.digest(key, msgspec.json.encode(about), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:24]).decode()


def holds(key: bytes, about: LinkAbout, given: str, today: date) -> bool:
    """Whether a link is as it was sent and has not expired."""
    genuine = hmac.compare_digest(signature(key, about).encode(), given.encode())
    return genuine and today < about.expires


def signed(link: str, key: bytes, about: LinkAbout) -> str:
    """The link with recipient, expiry and signature filled in where it has places for them; for nobody, without."""
    if not about.to:
        return link.partition("?")[0] if "{sig}" in link else link
    filled = {"to": about.to, "expires": about.expires.isoformat(), "sig": signature(key, about)}
    for name, value in filled.items():
        link = link.replace(f"{{{name}}}", quote(value, safe=""))
    return link


def overview(link: str) -> str:
    """Where all alerts are found: the board, if the link of one leads there, else what comes before its question."""
    base, found, _ = link.partition(PAGE)
    return f"{base}/board" if found else link.partition("?")[0]


def plan_page(every: str, plan: str) -> str:
    """Where a plan is found: its page on the board, if all alerts are found there, else where those are."""
    return f"{every}/plans/{quote(plan, safe='')}" if every.endswith("/board") else every
