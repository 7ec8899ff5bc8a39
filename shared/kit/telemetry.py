"""What every service tells Prometheus of its own condition."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from shared.contracts.tenants import Tenant
from shared.kit.health import Health

DEGRADED = "stadga_degraded"
HELP = "1 while a part of the service does not work as it should, 0 while it does."


class Conditions(Collector):
    """The parts of health as they are when asked."""

    def __init__(self, health: Health) -> None:
        """Shows every part from the start."""
        self._health = health

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One series a part."""
        family = GaugeMetricFamily(DEGRADED, HELP, labels=["part"])
        for part in self._health.report():
            family.add_metric([part.name], part.condition != "ok")
        yield family


class _OfTenant(CollectorRegistry):
    """Every series says whose it is."""

    def __init__(self, tenant: Tenant) -> None:
        super().__init__()
        self._label = {"tenant": tenant.name}

    def collect(self) -> Iterator[Metric]:
        """The families, as they are when asked."""
        for family in super().collect():
            family.samples = [sample._replace(labels=self._label | sample.labels) for sample in family.samples]
            yield family


def registry(tenant: Tenant) -> CollectorRegistry:
    """What a service's process metrics are in; of a tenant, with its label."""
    return _OfTenant(tenant) if tenant.name else CollectorRegistry()


def expose(health: Health, registry: CollectorRegistry) -> None:
    """Show the parts in ``registry``."""
    registry.register(Conditions(health))
