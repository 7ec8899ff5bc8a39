"""Writes the generated documents: ``python -m cli.reference``."""

import json
from pathlib import Path
from typing import Any

from cli.reference import access, chart, plans, processing
from cli.reference.page import page
from services.alerts.app import alerts
from services.alerts.settings import AlertSettings
from services.ingest.app import ingest
from services.ingest.settings import IngestSettings
from services.metrics.app import metrics
from services.metrics.settings import MetricsSettings
from shared.contracts import asyncapi
from shared.kit.server import openapi

Json = dict[str, Any]

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PLANS = DOCS / "plans.md"
PROCESSING = DOCS / "registerforteckning.md"
"""Written by hand but for its tables."""


def documents() -> dict[Path, Json | str]:
    """Every document generated from the code, by the file that holds it. No application is started to make them."""
    services = {
        "ingest": ingest(IngestSettings()),
        "metrics": metrics(MetricsSettings()),
        "alerts": alerts(AlertSettings()),
    }
    return {
        DOCS / "asyncapi.json": asyncapi.document(),
        DOCS / "openapi" / "ingest.json": openapi(services["ingest"]),
        DOCS / "openapi" / "metrics.json": openapi(services["metrics"]),
        DOCS / "openapi" / "alerts.json": openapi(services["alerts"]),
        DOCS / "access.md": access.page(services),
        DOCS / "metrics.md": page(),
        PROCESSING: processing.filled(PROCESSING.read_text("utf-8")),
        ROOT / "deploy" / "helm" / "values.schema.json": chart.schema(),
    }


def rendered(document: Json | str) -> str:
    """A document as it is written: a page as it is, all else as JSON, indented, in its own order."""
    if isinstance(document, str):
        return document
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write them all, and the one that takes a run of every ready-made plan."""
    for file, document in (documents() | {PLANS: plans.page()}).items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(rendered(document), encoding="utf-8")


if __name__ == "__main__":
    main()
