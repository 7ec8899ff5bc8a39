"""The generated documents are current; those of OpenAPI are whole, and true of the events the services take."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cli.reference.__main__ import documents, rendered
from shared.contracts import event_types, events
from tests import builders as make
from tests.references import references, resolve

WRITTEN = documents()
OPENAPI = {file.stem: document for file, document in WRITTEN.items() if file.parent.name == "openapi"}
"""Service → its document."""
OPERATIONS = [
    (service, f"{method} {path}", operation)
    for service, document in OPENAPI.items()
    for path, operations in document["paths"].items()
    for method, operation in operations.items()
]


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.name)
def test_written_document_is_current(file: Path) -> None:
    """Each generated document is what ``make docs`` would write now."""
    assert file.read_text(encoding="utf-8") == rendered(WRITTEN[file])


@pytest.mark.parametrize("service", OPENAPI)
def test_document_stands_alone(service: str) -> None:
    """Every reference of a document resolves inside it, and its schemas are JSON Schema 2020-12."""
    document = OPENAPI[service]
    assert document["openapi"].startswith("3.1")
    assert all(resolve(document, pointer) is not None for pointer in references(document))
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(("service", "route", "operation"), OPERATIONS)
def test_operation_is_explained(service: str, route: str, operation: dict[str, Any]) -> None:
    """Each operation has a name of its own, a sentence, and at least one answer."""
    same = [other for of, _, other in OPERATIONS if of == service and other["operationId"] == operation["operationId"]]
    assert same == [operation]
    assert operation.get("summary")
    assert operation["responses"]


def test_published_event_may_be_of_every_type() -> None:
    """The body of ``POST /v1/events`` is described for each type of the contract."""
    event = OPENAPI["ingest"]["components"]["schemas"]["Event"]
    assert set(event["discriminator"]["mapping"]) == {*events.TYPES, event_types.RETRACTED}


@pytest.mark.parametrize(
    ("event", "fits"),
    [
        (make.unit_defined("u1"), True),
        (make.retracted(make.unit_defined("u1")), True),
        (make.incident_reported("u1", "2025-01-15", kind="noise"), False),
    ],
    ids=["an event", "a retraction", "an event of a kind that does not exist"],
)
def test_published_event_is_judged_as_the_service_does(event: make.Event, fits: bool) -> None:
    """A batch as documented takes what ingest takes and refuses what ingest refuses."""
    document = OPENAPI["ingest"]
    body = document["paths"]["/v1/events"]["post"]["requestBody"]["content"]["application/cloudevents-batch+json"]
    validator = jsonschema.Draft202012Validator({**body["schema"], "components": document["components"]})
    assert validator.is_valid([event]) == fits
