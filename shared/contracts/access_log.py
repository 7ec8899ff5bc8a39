"""The access log: who looked at what, when, through what."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One request by somebody who was known, answered or refused."""

    id: UUID
    at: datetime
    who: Annotated[str, Meta(description="of a person the identity provider's name, of a machine that of its token")]
    name: Annotated[str, Meta(description="as others call whoever it was")]
    through: Annotated[str, Meta(description="local, token, session or board")]
    method: str
    route: str
    unit: Annotated[str | None, Meta(description="null: none was named, so all that the caller may see")]
    metric: Annotated[str | None, Meta(description="names, comma separated; null: none was named")]
    status: Annotated[int, Meta(description="as it was answered; 403: refused")]


class AccessLog(msgspec.Struct, frozen=True):
    """Entries, the latest first; with ``next`` as ``after`` the question goes on."""

    entries: list[Look]
    next: Annotated[str | None, Meta(description="null: there are no more")]
