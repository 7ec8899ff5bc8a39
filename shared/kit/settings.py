"""Settings from the environment: typed, with defaults that work locally, and checked at start."""

import os
from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from shared.contracts.tenants import Tenant, not_a_tenant

S = TypeVar("S", bound="Settings")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What every service is told. Each field is the environment variable of its name in capitals.

    What begins with ``kafka_`` is the way into Kafka (``shared/kit/cluster.py``); ``stadga_replication`` says on
    how many brokers each topic is kept; ``stadga_tenant`` is
    whose the service is, of the municipalities that share an installation (empty: there is one).
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
    return settings


def _explain(error: str, given: Mapping[str, str]) -> str:
    problem, _, path = error.partition(" - at `$.")
    name = path.rstrip("`")
    return f"{name.upper()}={given.get(name)!r}: {problem.lower()}"
