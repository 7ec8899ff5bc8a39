"""A tenant: one municipality of those that share an installation. Without a name it is the only one.

What is a tenant's bears its name: topics and consumer groups begin with it, events carry it, its database is marked
with it, and keys that are given to several tenants become another for each.
"""

import hashlib
import hmac
import re
from typing import NamedTuple

from shared.contracts.topics import Topic

LONGEST = 30
HEADER = "Stadga-Tenant"
"""Of a request: whose service its sender means."""
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TAKEN = frozenset({"hr", "workforce"})
"""What topics of an installation of one begin with: who may read all of a tenant's topics by prefix may read these."""


class Tenant(NamedTuple):
    """Whose a service is."""

    name: str = ""

    @property
    def extension(self) -> str | None:
        """What an event of it carries as its extension ``tenant``."""
        return self.name or None

    def owns(self, said: object) -> bool:
        """Whether what says this of its tenant (None: nothing) is of this one, and of no other."""
        return said == self.extension

    def takes(self, said: object) -> bool:
        """Whether an event that says this comes to the right door: it may leave out whose it is."""
        return said is None or self.owns(said)

    def topic(self, topic: Topic) -> Topic:
        """A topic of the contract, as it is called for this tenant."""
        return topic._replace(name=self.prefixed(topic.name))

    def prefixed(self, name: str) -> str:
        """The name of a topic or a consumer group."""
        return f"{self.name}.{name}" if self.name else name

    def source(self, source: str) -> str:
        """Of what Stadga says: with the id it identifies an event, also beside those of other tenants."""
        return f"{source}/{self.name}" if self.name else source

    def key(self, key: bytes) -> bytes:
        """A secret for this tenant alone, made of one that others may have as well."""
        return hmac.digest(key, b"tenant\0" + self.name.encode(), hashlib.sha256) if self.name else key


ALONE = Tenant()
"""The municipality of an installation that has no other."""


def not_a_tenant(name: str) -> str | None:
    """Why a tenant cannot be called so; None if it can."""
    if len(name) > LONGEST:
        return f"longer than {LONGEST} characters"
    if not _NAME.fullmatch(name):
        return "a tenant has small letters a–z, digits and single hyphens between them, and begins with a letter"
    return "the topics of an installation without tenants begin so" if name in _TAKEN else None
