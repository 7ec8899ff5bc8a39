"""Which release this is, what it needs of a database, and how a service says both (``/readyz``)."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal

import msgspec

VERSION = "0.2.0"
"""Of everything in this repository; between releases that of the one to come."""

SCHEMAS: Mapping[str, int] = MappingProxyType({"metrics": 23, "alerts": 26})
"""Of each schema of the database the number of the last migration of this release, which its service needs."""

Condition = Literal["ok", "degraded", "bad"]


class Part(msgspec.Struct, frozen=True):
    """One part's condition, since when; ``problem`` is None while all of it works."""

    name: str
    condition: Condition
    problem: str | None
    since: datetime


class Schema(msgspec.Struct, frozen=True):
    """The number of the last migration that a service needs, and of the last one its database has had.

    ``found`` is None before the database was seen, 0 where there is none. A greater one is of a later release.
    """

    needed: int
    found: int | None


class Readiness(msgspec.Struct, frozen=True):
    """What a service says of itself: its release, its schema (None: it has no database), its parts by name."""

    version: str
    schema: Schema | None
    parts: list[Part]
