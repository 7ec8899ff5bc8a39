"""Writes the generated documents: ``python -m cli.reference``."""

import json
from pathlib import Path
from typing import Any

from litestar import Litestar

from cli.reference import access, plans
from cli.reference.page import page
from services.alerts.app import alerts
from services.alerts.settings import AlertSettings
from services.ingest.app import ingest
from services.ingest.settings import IngestSettings
from services.metrics.app import metrics
from services.metrics.settings import MetricsSettings
from shared.contracts import asyncapi, openapi

Json = dict[str, Any]

DOCS = Path(__file__).parents[2] / "docs"
PLANS = DOCS / "plans.md"
PUBLISH = "/v1/events"


def documents() -> dict[Path, Json | str]:
    """Every document generated from the code, by the file that holds it. No application is started to make them."""
    services = {
        "ingest": ingest(IngestSettings()),
        "metrics": metrics(MetricsSettings()),
        "alerts": alerts(AlertSettings()),
    }
    return {
        DOCS / "asyncapi.json": asyncapi.document(),
        DOCS / "openapi" / "ingest.json": _publishing(_openapi(services["ingest"])),
        DOCS / "openapi" / "metrics.json": _openapi(services["metrics"]),
        DOCS / "openapi" / "alerts.json": _openapi(services["alerts"]),
        DOCS / "access.md": access.page(services),
        DOCS / "metrics.md": page(),
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


def _openapi(app: Litestar) -> Json:
    schema: Json = app.openapi_schema.to_schema()
    return schema


def _publishing(document: Json) -> Json:
    """The document of ingest with what a request may hold: its handler reads bytes, so its types do not tell."""
    document["paths"][PUBLISH]["post"]["requestBody"] = openapi.publishing()
    document["components"]["schemas"] |= openapi.schemas()
    return document


if __name__ == "__main__":
    main()
