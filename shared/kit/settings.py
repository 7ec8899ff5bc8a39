"""Settings from the environment: typed, with defaults that work locally, and checked at start."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Meta

from shared.contracts.tenants import Tenant, not_a_tenant

S = TypeVar("S", bound="Settings")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What every service is told. Each field is the environment variable of its name in capitals.

    What begins with ``kafka_`` is the way into Kafka (``shared/kit/cluster.py``); ``stadga_replication`` says on
    how many brokers each topic is kept; ``database_password_file`` has the password that ``database_url`` lacks, in one
    line; ``stadga_tenant`` is whose the service is, of municipalities that share an installation (empty: there is one).
    """

    kafka_bootstrap_servers: str = "127.0.0.1:9092"
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_ca_file: str = ""
    kafka_certificate_file: str = ""
    kafka_key_file: str = ""
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] = "SCRAM-SHA-512"
    kafka_username: str = ""
    kafka_password_file: str = ""
    kafka_token_file: str = ""
    stadga_replication: Annotated[int, Meta(ge=1)] = 1
    database_url: str = "postgresql://stadga@127.0.0.1:5432/stadga"
    database_password_file: str = ""
    stadga_time_zone: str = "Europe/Stockholm"
    stadga_today: str = ""
    stadga_host: str = "127.0.0.1"
    stadga_hosts: str = ""
    stadga_tokens_file: str = ""
    stadga_log: Literal["console", "json"] = "console"
    stadga_tenant: str = ""

    @property
    def tenant(self) -> Tenant:
        """Whose the service is."""
        return Tenant(self.stadga_tenant)


class SettingsError(Exception):
    """A setting is wrong; the message names the variable, what it holds and what was expected."""


def load(kind: type[S], environment: Mapping[str, str] = os.environ) -> S:
    """Read ``kind`` from the environment; raises SettingsError naming the variable at fault."""
    given = {f.name: environment[f.name.upper()] for f in msgspec.structs.fields(kind) if f.name.upper() in environment}
    try:
        settings = msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(_explain(str(error), given)) from None
    if (name := settings.stadga_tenant) and (fault := not_a_tenant(name)):
        raise SettingsError(f"STADGA_TENANT={name!r}: {fault}")
    if settings.database_password_file:
        return msgspec.structs.replace(settings, database_url=_with_password(settings))
    return settings


def one_line(path: str, variable: str) -> str:
    """What a file holds, which is one line; raises SettingsError, which names the variable, where it does not."""
    try:
        held = Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{variable}={path!r}: {getattr(error, 'strerror', None) or 'no text'}") from None
    if not held or "\n" in held:
        raise SettingsError(f"{variable}={path!r}: one line was expected")
    return held


def _with_password(settings: Settings) -> str:
    """The address of the database, with the password from the file."""
    password = one_line(settings.database_password_file, "DATABASE_PASSWORD_FILE")
    address = urlsplit(settings.database_url)
    who, _, where = address.netloc.rpartition("@")
    if not who or ":" in who:
        raise SettingsError("DATABASE_URL: beside DATABASE_PASSWORD_FILE it names a user, and has no password")
    return address._replace(netloc=f"{who}:{quote(password, safe='')}@{where}").geturl()


def _explain(error: str, given: Mapping[str, str]) -> str:
    problem, _, path = error.partition(" - at `$.")
    name = path.rstrip("`")
    return f"{name.upper()}={given.get(name)!r}: {problem.lower()}"
