"""What tests of the deployment need to know of the services: their settings, and the series they expose."""

from importlib import import_module
from typing import NamedTuple
from zoneinfo import ZoneInfo

from prometheus_client import CollectorRegistry
from prometheus_client.metrics import MetricWrapperBase

from services.alerts import exposition
from shared.access.tokens import Keyring
from shared.contracts import prometheus
from shared.kit.access import tokens
from shared.kit.access.tokens import Tokens
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.server import application
from shared.kit.settings import Settings
from shared.kit.supervisor import Supervisor
from shared.kit.telemetry import DEGRADED

SERVICES = ("ingest", "metrics", "alerts")
_SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}


class Series(NamedTuple):
    """A series name, its type and the names of its labels."""

    name: str
    type: str
    labels: frozenset[str]


def settings(service: str) -> type[Settings]:
    """The settings class of a service."""
    found = vars(import_module(f"services.{service}.settings")).values()
    return next(c for c in found if isinstance(c, type) and issubclass(c, Settings) and c is not Settings)


def variables(service: str) -> set[str]:
    """The environment variables a service reads."""
    return {field.upper() for field in settings(service).__struct_fields__}


def families(service: str) -> list[MetricWrapperBase]:
    """The process metrics a service registers."""
    telemetry = import_module(f"services.{service}.telemetry").Telemetry(CollectorRegistry())
    return [value for value in vars(telemetry).values() if isinstance(value, MetricWrapperBase)]


def common() -> list[Series]:
    """The series that every service has."""
    registry, clock = CollectorRegistry(), Clock(ZoneInfo("UTC"))
    health = Health(clock, "part", tokens.PART)
    Supervisor(health, registry)
    Tokens("", Keyring(()), health, clock, registry)
    application("", [], health, registry, lambda: ())
    families = [one for one in vars(registry)["_collector_to_names"] if isinstance(one, MetricWrapperBase)]
    return [Series(DEGRADED, "gauge", frozenset({"part"})), *(series for one in families for series in _series(one))]


def exposed(service: str) -> dict[str, Series]:
    """The process series of a service, by name."""
    own = [series for family in families(service) for series in _series(family)]
    return {series.name: series for series in (*own, *common())}


def business() -> dict[str, Series]:
    """The business series of the metrics service, by name."""
    labels = frozenset(prometheus.LABELS)
    return {gauge.name: Series(gauge.name, "gauge", labels) for gauge in prometheus.BUSINESS.values()}


def standing() -> dict[str, Series]:
    """The series of the alerts service that tell of single alerts, by name."""
    labels = frozenset(exposition.LABELS)
    return {family.name: Series(family.name, "gauge", labels) for family in exposition.FAMILIES}


def every_series() -> dict[str, Series]:
    """All series of all services, by name."""
    return business() | standing() | {name: series for service in SERVICES for name, series in exposed(service).items()}


def _series(family: MetricWrapperBase) -> list[Series]:
    # The client has no public way to ask a family for its type and labels.
    name, kind, labels = family._name, family._type, frozenset(family._labelnames)
    return [Series(name + suffix, kind, labels) for suffix in _SUFFIXES[kind]]
