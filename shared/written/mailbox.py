"""The mail addresses that can be written to."""

import email_validator
import msgspec

from shared.language.refusal import SaidError

# Names without a meaning on the internet, which networks of their own give one; the library's way of allowing them.
_OWN_NETWORKS = {"local", "localhost", "test"}
email_validator.SPECIAL_USE_DOMAIN_NAMES[:] = [
    name for name in email_validator.SPECIAL_USE_DOMAIN_NAMES if name not in _OWN_NETWORKS
]


class AddressError(SaidError, ValueError):
    """No address: the sentence is what it must be, as the end of one."""


class Mailbox(msgspec.Struct, frozen=True):
    """The two sides of the @, in ASCII."""

    user: str
    host: str


def mailbox(text: str) -> Mailbox:
    """Read an address of plain characters before the @; a domain may have any letters (IDNA).

    Raises AddressError.
    """
    try:
        read = email_validator.validate_email(
            text, allow_smtputf8=True, globally_deliverable=False, check_deliverability=False
        )
    except ValueError:
        raise AddressError("måste vara en enda e-postadress", "must be one e-mail address") from None
    if read.ascii_local_part is None:
        raise AddressError(
            "får bara ha bokstäverna a–z före @ (andra stöds inte)",
            "must have no letters but a–z before the @ (others are not supported)",
        )
    return Mailbox(read.ascii_local_part, read.ascii_domain)
