"""``python -m services.ingest``."""

from services.ingest.app import ingest
from services.ingest.settings import IngestSettings
from shared.kit.process import run

if __name__ == "__main__":
    run("ingest", IngestSettings, ingest, lambda settings: settings.stadga_ingest_port)
