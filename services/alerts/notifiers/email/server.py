"""The mail server: which one (SMTP_URL), and an exchange with it that ends in a verdict, never in an exception."""

import asyncio
import socket
import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import SplitResult, unquote, urlsplit

import aiosmtplib
import msgspec

from services.alerts.domain.letter.delivery import Failure, fault_of
from services.alerts.notifiers.email.letter import Letter
from shared.kit.settings import SettingsError
from shared.language.phrase import one_line, shortened

Security = Literal["smtp", "smtp+starttls", "smtps"]
PORTS: dict[str, int] = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
LONGEST_ERROR = 500
SERVICE_CLOSING = 421
EXPECTED = "expected smtp://host:port, smtp+starttls://user:password@host or smtps://user:password@host"
REFUSED_US = (
    aiosmtplib.SMTPConnectResponseError,
    aiosmtplib.SMTPHeloError,
    aiosmtplib.SMTPAuthenticationError,
    aiosmtplib.SMTPSenderRefused,
)
"""Answers that are about us, not about the recipient: the mails wait until an operator has mended it."""


class Address(msgspec.Struct, frozen=True):
    """Where the mail server is, how the way there is secured, and who we are to it."""

    security: Security
    host: str
    port: int
    user: str | None
    password: str | None
    password_file: str = ""
    ca_file: str = ""

    def secrets(self) -> dict[str, Any]:
        """What a connection begins with, as the files are now; raises OSError."""
        password = Path(self.password_file).read_text().strip() if self.password_file else self.password
        wanted = self.security != "smtp" or self.ca_file  # else all that the system knows would be read for nothing
        trust = ssl.create_default_context(cafile=self.ca_file or None) if wanted else None
        return {"username": self.user, "password": password, "tls_context": trust}


def address(url: str, password_file: str = "", ca_file: str = "") -> Address:
    """Read SMTP_URL; raises SettingsError that says what was expected and never shows a password.

    The files have its password and the authority (PEM) that the server's certificate is by; empty: none, the system's.
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # its text may repeat a part of the URL
        raise SettingsError(f"SMTP_URL is not a URL: {EXPECTED}") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise SettingsError(f"SMTP_URL names no mail server: {EXPECTED}")
    if parts.scheme == "smtp" and (parts.password or password_file):
        raise SettingsError(f"SMTP_URL would send a password in clear text: {EXPECTED}")
    at = Address(
        security=msgspec.convert(parts.scheme, Security),
        host=parts.hostname,
        port=_port(parts) or PORTS[parts.scheme],
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        password_file=password_file,
        ca_file=ca_file,
    )
    _try(at)
    return at


def _try(at: Address) -> None:
    try:
        at.secrets()
    except (OSError, UnicodeDecodeError) as error:
        files = f"SMTP_PASSWORD_FILE={at.password_file!r}, SMTP_CA_FILE={at.ca_file!r}"
        raise SettingsError(f"{files}: {getattr(error, 'strerror', None) or 'not what was expected'}") from None


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:  # its text repeats what stands after the last colon, which may be a password
        raise SettingsError(f"SMTP_URL has a port that is not a number: {EXPECTED}") from None


class MailServer:
    """One connection, opened when it is first needed and kept until it is closed or fails."""

    def __init__(self, at: Address, timeout: timedelta) -> None:
        """Nothing is opened yet; each exchange may take ``timeout`` as a whole."""
        self._at, self._timeout = at, timeout.total_seconds()
        self._client = aiosmtplib.SMTP(
            hostname=at.host,
            port=at.port,
            use_tls=at.security == "smtps",
            start_tls=at.security == "smtp+starttls",
            timeout=self._timeout,
            local_hostname=socket.gethostname(),
        )

    async def reach(self) -> Failure | None:
        """Connect unless connected; None when the server is there and lets us in."""
        try:
            if not self._client.is_connected:
                await self._client.connect(**self._at.secrets())
        except (aiosmtplib.SMTPException, OSError, UnicodeDecodeError) as error:
            self._client.close()
            return Failure("unreachable", _said(error))
        return None

    async def send(self, letter: Letter) -> Failure | None:
        """Hand over one mail to its one recipient; None when the server took responsibility for it."""
        try:
            async with asyncio.timeout(self._timeout):
                absent = await self.reach()
                return absent or await self._exchange(letter)
        except TimeoutError:
            self._client.close()
            return Failure("unreachable", f"no answer within {self._timeout:g} s")

    async def close(self) -> None:
        """Say goodbye, if there is anyone to say it to."""
        try:
            if self._client.is_connected:
                await self._client.quit()
        except (aiosmtplib.SMTPException, OSError):
            self._client.close()

    async def _exchange(self, letter: Letter) -> Failure | None:
        try:
            await self._client.sendmail(letter.sender, [letter.recipient], letter.body)
        except REFUSED_US as error:
            return Failure("unreachable", _said(error))
        except aiosmtplib.SMTPRecipientsRefused as error:
            return self._answer(error.recipients[0])
        except aiosmtplib.SMTPResponseException as error:
            return self._answer(error)
        except (aiosmtplib.SMTPException, OSError) as error:
            self._client.close()
            return Failure("unreachable", _said(error))
        return None

    def _answer(self, error: aiosmtplib.SMTPResponseException) -> Failure:
        if error.code == SERVICE_CLOSING:
            self._client.close()
        return Failure(fault_of(error.code), _said(error))


def _said(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return shortened(one_line(f"{error.code} {error.message}"), LONGEST_ERROR)
    return shortened(one_line(str(error)) or type(error).__name__, LONGEST_ERROR)
