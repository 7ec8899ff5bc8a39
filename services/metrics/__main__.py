"""``python -m services.metrics``: the composition root."""

import sys

import uvloop
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector

from services.metrics.app import build
from services.metrics.settings import MetricsSettings
from shared.kit import database, logs
from shared.kit.server import serve
from shared.kit.settings import SettingsError, load


async def main(settings: MetricsSettings) -> None:
    """Serve until told to stop."""
    registry = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    async with database.pool(settings.database_url, "metrics") as pool:
        await serve(build(settings, pool, registry), settings.stadga_host, settings.stadga_metrics_port).serve()


if __name__ == "__main__":
    try:
        told = load(MetricsSettings)
    except SettingsError as error:
        sys.exit(str(error))
    logs.configure(told.stadga_log, "metrics")
    uvloop.run(main(told))
