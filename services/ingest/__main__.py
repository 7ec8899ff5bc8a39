"""``python -m services.ingest``: read the settings, serve until told to stop."""

import sys

import uvloop

from services.ingest.app import ingest
from services.ingest.settings import IngestSettings
from shared.kit.logs import configure
from shared.kit.server import serve
from shared.kit.settings import SettingsError, load


def main() -> None:
    """Exits with the reason where a setting is wrong."""
    try:
        settings = load(IngestSettings)
        configure("json" if settings.stadga_log == "json" else "console", "ingest")
        app = ingest(settings)
    except SettingsError as error:
        sys.exit(f"ingest: {error}")
    uvloop.run(serve(app, settings.stadga_host, settings.stadga_ingest_port).serve())


if __name__ == "__main__":
    main()
