"""``python -m services.alerts``: read the settings, serve until told to stop."""

import sys

import uvloop

from services.alerts.app import alerts
from services.alerts.settings import AlertSettings
from shared.kit.logs import configure
from shared.kit.server import serve
from shared.kit.settings import SettingsError, load


def main() -> None:
    """Exits with the reason where a setting is wrong."""
    try:
        settings = load(AlertSettings)
        configure("json" if settings.stadga_log == "json" else "console", "alerts")
        app = alerts(settings)
    except SettingsError as error:
        sys.exit(f"alerts: {error}")
    uvloop.run(serve(app, settings.stadga_host, settings.stadga_alerts_port).serve())


if __name__ == "__main__":
    main()
