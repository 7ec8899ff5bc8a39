"""``python -m services.metrics``: read the settings, serve until told to stop."""

import sys

import uvloop

from services.metrics.app import metrics
from services.metrics.settings import MetricsSettings
from shared.kit.logs import configure
from shared.kit.server import serve
from shared.kit.settings import SettingsError, load


def main() -> None:
    """Exits with the reason where a setting is wrong."""
    try:
        settings = load(MetricsSettings)
        configure(settings.stadga_log, "metrics")
        app = metrics(settings)
    except SettingsError as error:
        sys.exit(f"metrics: {error}")
    uvloop.run(serve(app, settings.stadga_host, settings.stadga_metrics_port).serve())


if __name__ == "__main__":
    main()
