"""What to do with a mail after an attempt: a pure decision, with its reason."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

DeliveryFault = Literal["temporary", "unreachable", "rejected", "invalid"]
"""``temporary``: the server answered 4xx. ``unreachable``: no server, no answer, or it refuses us rather than the
recipient. ``rejected``: the server answered 5xx about this mail. ``invalid``: no mail can be made of the row."""

DeliveryOutcome = Literal["sent", "deferred", "failed", "held"]
HOUR = timedelta(hours=1)
"""What ``hourly`` of a policy counts the mails of."""

PERMANENT: frozenset[DeliveryFault] = frozenset({"rejected", "invalid"})


class Failure(msgspec.Struct, frozen=True):
    """An attempt that did not deliver: the kind of fault, and what the server (or we) said."""

    fault: DeliveryFault
    error: str

    @property
    def permanent(self) -> bool:
        """True when trying again cannot help."""
        return self.fault in PERMANENT


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """How patient delivery is.

    The wait after attempt n is ``first * 2**(n - 1)``, at most ``longest`` after a 4xx answer (greylisting asks for
    minutes) and at most ``outage`` while the server is unreachable (mail should flow soon after it is back).
    A mail is given up once the server has put it off for ``give_up``. A claimed mail belongs to its process for
    ``lease``; an exchange with the server may take ``timeout``. A recipient gets ``hourly`` mails an hour; what is
    beyond that waits for ``gather``, and is told of in one mail, at most once an hour.
    """

    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(hours=1)
    outage: timedelta = timedelta(seconds=30)
    give_up: timedelta = timedelta(days=3)
    lease: timedelta = timedelta(minutes=1)
    timeout: timedelta = timedelta(seconds=20)
    hourly: int = 60
    gather: timedelta = timedelta(minutes=2)


class RetryAt(msgspec.Struct, frozen=True):
    """Try again at ``due``."""

    due: datetime


class GiveUp(msgspec.Struct, frozen=True):
    """Keep the mail as a dead letter."""


def fault_of(code: int) -> DeliveryFault:
    """How an SMTP reply code that is not success is meant (RFC 5321, 4.2.1: 5xx is permanent)."""
    return "rejected" if code >= 500 else "temporary"


def after(failure: Failure, attempt: int, answered: datetime, now: datetime, policy: Policy) -> RetryAt | GiveUp:
    """What follows a failed attempt (numbered from 1) of a mail that the server first put off at ``answered``.

    A server that is not there, or refuses us, is waited for however long it takes: no mail is lost to an outage.
    """
    unreachable = failure.fault == "unreachable"
    if failure.permanent or (not unreachable and now - answered >= policy.give_up):
        return GiveUp()
    longest = policy.outage if unreachable else policy.longest
    doublings = min(attempt - 1, 30)  # beyond any ceiling, and still a duration Python can hold
    return RetryAt(now + min(policy.first * 2**doublings, longest))
