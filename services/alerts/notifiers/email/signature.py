"""Signatures of mails (DKIM, RFC 6376), so that other mail servers can tell that a mail is the sender's own."""

import re
from collections.abc import Callable
from pathlib import Path

import dkim

from shared.kit import files
from shared.kit.settings import SettingsError

MOST_BYTES = 100_000
SIGNED = (
    *(b"from", b"to", b"subject", b"date", b"message-id", b"in-reply-to", b"references", b"content-type"),
    *(b"list-unsubscribe", b"list-unsubscribe-post"),
)
"""RFC 8058 asks for the last two: else anybody on the way could end somebody's summary."""
_PROBE = b"From: a@example.org\r\nSubject: probe\r\n\r\nprobe\r\n"
_SELECTOR = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?")

Sign = Callable[[bytes], bytes]
"""A mail as it goes out, from the mail as it was written."""


def unsigned(mail: bytes) -> bytes:
    """As it was written."""
    return mail


def signing(file: str, selector: str, domain: str) -> Sign:
    """Signs with the RSA key (PEM) of STADGA_DKIM_KEY_FILE, if there is one; raises SettingsError, never with the key.

    The public half stands in DNS at ``{selector}._domainkey.{domain}``.
    """
    if not file:
        return unsigned
    if not _SELECTOR.fullmatch(selector):
        raise SettingsError(f"STADGA_DKIM_SELECTOR={selector!r}: expected a name of letters, digits, '-' and '.'")
    try:
        key = files.read(Path(file), MOST_BYTES).content
    except OSError as error:
        raise SettingsError(f"STADGA_DKIM_KEY_FILE={file!r}: {error.strerror or error}") from None

    def sign(mail: bytes) -> bytes:
        named = [name for name in SIGNED if b"\n" + name + b":" in b"\n" + mail.partition(b"\r\n\r\n")[0].lower()]
        return bytes(dkim.sign(mail, selector.encode(), domain.encode(), key, include_headers=named)) + mail

    try:
        sign(_PROBE)
    except (dkim.DKIMException, ValueError, TypeError, IndexError) as error:
        raise SettingsError(f"STADGA_DKIM_KEY_FILE={file!r}: no RSA key in PEM ({type(error).__name__})") from None
    return sign
