"""``python -m services.metrics``: read the settings, serve until told to stop."""

import gc
import sys

import uvloop

from services.metrics.app import metrics
from services.metrics.settings import MetricsSettings
from shared.kit.logs import configure
from shared.kit.server import serve
from shared.kit.settings import SettingsError, load

BETWEEN_COLLECTIONS = (50_000, 20, 100)
"""Folding makes many short-lived objects and no cycles: with Python's own thresholds a third of the time goes into
looking for some."""


def main() -> None:
    """Exits with the reason where a setting is wrong."""
    gc.set_threshold(*BETWEEN_COLLECTIONS)
    try:
        settings = load(MetricsSettings)
        configure(settings.stadga_log, "metrics")
        app = metrics(settings)
    except SettingsError as error:
        sys.exit(f"metrics: {error}")
    uvloop.run(serve(app, settings.stadga_host, settings.stadga_metrics_port).serve())


if __name__ == "__main__":
    main()
