"""The mail addresses that can be written to."""

import re

import msgspec

_USER = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")  # RFC 5321, Dot-string
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


class Mailbox(msgspec.Struct, frozen=True):
    """The two sides of the @, in ASCII."""

    user: str
    host: str


def mailbox(text: str) -> Mailbox:
    """Read an address of plain characters before the @; a domain may have any letters (IDNA).

    Raises ValueError with what the address must be, as the end of a sentence.
    """
    user, _, domain = text.rpartition("@")
    try:
        host = domain.encode("idna").decode("ascii")
    except UnicodeError:
        host = ""
    if not _HOST.fullmatch(host) or "@" in user or not user:
        raise ValueError("must be one e-mail address")
    if not user.isascii():
        raise ValueError("must have no letters but a–z before the @ (others are not supported)")
    if not _USER.fullmatch(user):
        raise ValueError("must be one e-mail address")
    return Mailbox(user, host)
