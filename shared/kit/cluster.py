"""The way into Kafka: who we are to the brokers, and whom we believe.

Asked for each client that is made. A client keeps what it was given, and one that is no longer let in only says that no
broker answers: so whoever keeps a client keeps a ``Renewal`` beside it, and begins anew once there is something new.
"""

import ssl
from pathlib import Path
from typing import Any

from aiokafka.abc import AbstractTokenProvider
from aiokafka.errors import KafkaError

from shared.kit import ended
from shared.kit.settings import Settings, SettingsError, load
from shared.kit.trouble import PassingError

FILES = ("kafka_ca_file", "kafka_certificate_file", "kafka_key_file", "kafka_password_file")
"""What a client keeps; a token is read for each connection."""
BY_PASSWORD = frozenset({"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
UNREADABLE = (OSError, UnicodeDecodeError)  # what the ssl module says of a certificate is an OSError, too


class NoWayError(KafkaError):  # type: ignore[misc]  # aiokafka tells no types
    """A file with what lets us in cannot be used just now: of the cluster's condition, as when no broker answers.

    The message names its variable, never what it holds.
    """


class RenewedError(PassingError):
    """What lets us in is another one than when the client was made."""


class Renewal:
    """Notices that a file with what lets us in was renewed."""

    def __init__(self) -> None:
        """From now on."""
        self._then = self._now()

    def check(self) -> None:
        """For when no broker answers: raises RenewedError if a new client might be let in."""
        if self._now() != self._then:
            raise RenewedError("what lets us into Kafka was renewed")

    @staticmethod
    def _now() -> list[tuple[int, int] | None]:
        return [_stamp(path) for name in FILES if (path := getattr(load(Settings), name))]


def way_to(servers: str, told: Settings | None = None) -> dict[str, Any]:
    """What every client of aiokafka is given to reach ``host:port,…``; raises NoWayError."""
    ended.tell()
    settings = told or load(Settings)
    given: dict[str, Any] = {
        "bootstrap_servers": servers.split(","),
        "security_protocol": settings.kafka_security_protocol,
    }
    if settings.kafka_security_protocol.endswith("SSL"):
        given["ssl_context"] = _trust(settings)
    if settings.kafka_security_protocol.startswith("SASL"):
        given |= _identity(settings)
    return given


def check(settings: Settings) -> None:
    """Raises SettingsError where the settings cannot let anybody in, whatever the brokers say."""
    protocol, mechanism = settings.kafka_security_protocol, settings.kafka_sasl_mechanism
    if protocol == "SASL_PLAINTEXT" and not mechanism.startswith("SCRAM"):
        raise SettingsError(f"KAFKA_SECURITY_PROTOCOL={protocol!r} would send what lets us in in clear text: SASL_SSL")
    if protocol.startswith("SASL"):
        needed = ("kafka_username", "kafka_password_file") if mechanism in BY_PASSWORD else ("kafka_token_file",)
        for name in needed:
            if not getattr(settings, name):
                raise SettingsError(f"{name.upper()} is not set: KAFKA_SASL_MECHANISM={mechanism!r} needs it")
    if settings.kafka_key_file and not settings.kafka_certificate_file:
        raise SettingsError("KAFKA_CERTIFICATE_FILE is not set: KAFKA_KEY_FILE is the key to it")
    try:
        way_to(settings.kafka_bootstrap_servers, settings)
        if settings.kafka_token_file:
            _line(settings.kafka_token_file, "KAFKA_TOKEN_FILE")
    except NoWayError as error:
        raise SettingsError(str(error)) from None


class TokenFile(AbstractTokenProvider):  # type: ignore[misc]  # aiokafka tells no types
    """A bearer token that somebody else keeps fresh in a file; read for each connection."""

    def __init__(self, path: str) -> None:
        """Nothing is read yet."""
        self._path = path

    async def token(self) -> str:
        """What the file holds; raises NoWayError."""
        return _line(self._path, "KAFKA_TOKEN_FILE")


def _trust(settings: Settings) -> ssl.SSLContext:
    """Brokers must show a certificate of their name, by an authority of the file, or one that the system knows."""
    try:
        context = ssl.create_default_context(cafile=settings.kafka_ca_file or None)
    except UNREADABLE as error:
        raise NoWayError(f"KAFKA_CA_FILE={settings.kafka_ca_file!r}: {_reason(error)}") from None
    if settings.kafka_certificate_file:
        try:
            context.load_cert_chain(settings.kafka_certificate_file, settings.kafka_key_file or None)
        except UNREADABLE as error:
            where = f"KAFKA_CERTIFICATE_FILE={settings.kafka_certificate_file!r}"
            raise NoWayError(f"{where} with KAFKA_KEY_FILE={settings.kafka_key_file!r}: {_reason(error)}") from None
    return context


def _identity(settings: Settings) -> dict[str, Any]:
    mechanism = settings.kafka_sasl_mechanism
    if mechanism not in BY_PASSWORD:
        return {"sasl_mechanism": mechanism, "sasl_oauth_token_provider": TokenFile(settings.kafka_token_file)}
    return {
        "sasl_mechanism": mechanism,
        "sasl_plain_username": settings.kafka_username,
        "sasl_plain_password": _line(settings.kafka_password_file, "KAFKA_PASSWORD_FILE"),
    }


def _line(path: str, variable: str) -> str:
    """The one line of a file; raises NoWayError where there is none."""
    try:
        held = Path(path).read_text().strip()
    except UNREADABLE as error:
        raise NoWayError(f"{variable}={path!r}: {_reason(error)}") from None
    if not held or "\n" in held:
        raise NoWayError(f"{variable}={path!r}: one line was expected")
    return held


def _stamp(path: str) -> tuple[int, int] | None:
    """What tells one content of a file from another; None: it is not there."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def _reason(error: Exception) -> str:
    """Without what the file holds, which an error of its text would show."""
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else "not a text"
