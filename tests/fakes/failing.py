"""An ingest that fails whenever it is asked whether it is ready: ``python -m tests.fakes.failing``."""

from unittest.mock import PropertyMock, patch

from services.ingest.app import ingest
from services.ingest.settings import IngestSettings
from shared.kit.health import Health
from shared.kit.process import run

if __name__ == "__main__":
    with patch.object(Health, "ready", PropertyMock(side_effect=RuntimeError("planted"))):
        run("ingest", IngestSettings, ingest, lambda settings: settings.stadga_ingest_port)
