"""Asking on behalf of a person: how one service tells another who asks, and what a token for that is believed."""

import base64
import binascii

import msgspec
from litestar.exceptions import ValidationException

from shared.access.rights import ROLES, Caller

HEADER = "stadga-on-behalf-of"
LONGEST = 8_000
"""Characters: a head of a thousand units sees one subtree or a few."""


def told(caller: Caller) -> dict[str, str]:
    """The header that says who asks; scopes of tokens are not passed on."""
    person = msgspec.structs.replace(caller, rights={r: u for r, u in caller.rights.items() if r in ROLES})
    return {HEADER: base64.urlsafe_b64encode(msgspec.json.encode(person)).decode()}


def believed(header: str) -> Caller:
    """The person of such a header, who has roles alone; raises ValidationException where it says nothing."""
    try:
        if len(header) > LONGEST:
            raise ValueError  # noqa: TRY301
        found = msgspec.json.decode(base64.urlsafe_b64decode(header), type=Caller)
    except (ValueError, binascii.Error, msgspec.MsgspecError, RecursionError):
        raise ValidationException(f"{HEADER}: not the header that another service of Stadga writes") from None
    rights = {right: units for right, units in found.rights.items() if right in ROLES}
    return msgspec.structs.replace(found, rights=rights, through="board")
