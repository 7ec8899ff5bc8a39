"""``python -m services.alerts``."""

from services.alerts.app import alerts
from services.alerts.settings import AlertSettings
from shared.kit.process import run

if __name__ == "__main__":
    run("alerts", AlertSettings, alerts, lambda settings: settings.stadga_alerts_port)
