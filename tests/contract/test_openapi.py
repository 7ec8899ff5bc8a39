"""The generated documents are current; those of OpenAPI are whole, and true of the events the services take."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

from cli.reference.__main__ import documents, rendered
from services.ingest.domain.outcome import Accepted
from shared.contracts import event_types, events
from shared.contracts.problems import MEDIA_TYPE
from tests import builders as make
from tests.references import references, resolve
from tests.unit.ingest.deciding import decided

WRITTEN = documents()
OPENAPI = {file.stem: document for file, document in WRITTEN.items() if file.parent.name == "openapi"}
"""Service → its document."""
OPERATIONS = [
    (service, f"{method} {path}", operation)
    for service, document in OPENAPI.items()
    for path, operations in sorted(document["paths"].items())
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


def answers(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each answer of an operation, by its status."""
    for status, answer in operation["responses"].items():
        yield int(status), cast("dict[str, Any]", resolve(document, answer["$ref"])) if "$ref" in answer else answer


@pytest.mark.parametrize(("service", "route", "operation"), OPERATIONS)
def test_every_answer_has_a_schema_and_an_example_that_fits(
    service: str, route: str, operation: dict[str, Any]
) -> None:
    """What is asked and what is answered, refusals too: a client can be made, and tried, from the document alone."""
    document = OPENAPI[service]
    parts = [(status, answer["content"]) for status, answer in answers(document, operation)]
    parts += [(0, operation["requestBody"]["content"])] if "requestBody" in operation else []
    assert all(content for _, content in parts), route
    for status, content in parts:
        for kind, described in content.items():
            assert kind == MEDIA_TYPE or status < 400 or (route, status) == ("get /readyz", 503)
            schema = {**described["schema"], "components": document["components"]}
            jsonschema.Draft202012Validator(schema).validate(described["example"])


@pytest.mark.parametrize(("service", "route", "operation"), OPERATIONS)
def test_every_refusal_that_can_happen_is_documented(service: str, route: str, operation: dict[str, Any]) -> None:
    """Whoever may ask, and what may go wrong: of every operation, and of those with a body or a name besides."""
    document, told = OPENAPI[service], {int(status) for status in operation["responses"]}
    assert {400, 401, 403, 429, 500, 503} <= told
    assert ("requestBody" in operation) <= (413 in told), route
    assert any(one["name"] == "unit" or one["in"] == "path" for one in operation.get("parameters", [])) <= (404 in told)
    assert document["security"] == [{name: []} for name in document["components"]["securitySchemes"]]


def _shapeless(schema: object, path: str = "") -> Iterator[str]:
    """Where a schema leaves open what is there."""
    for key, part in schema.items() if isinstance(schema, dict) else ():
        if (key == "items" or path.endswith("/properties")) and part == {}:
            yield f"{path}/{key}"
        yield from _shapeless(part, f"{path}/{key}")


@pytest.mark.parametrize("service", OPENAPI)
def test_every_field_has_a_schema(service: str) -> None:
    """Nothing is said to be anything at all: what a client makes of it would be nothing."""
    assert list(_shapeless(OPENAPI[service]["components"]["schemas"])) == []


def test_fields_that_are_always_there_are_required() -> None:
    """A field with a default that is written all the same may be relied on."""
    schemas = OPENAPI["metrics"]["components"]["schemas"]
    assert "provisional" in schemas["Values"]["required"]
    assert "known_from" not in schemas["MetricValue"]["required"]


def test_example_of_an_event_is_accepted() -> None:
    """What the document shows as an event would be taken."""
    body = OPENAPI["ingest"]["paths"]["/v1/events"]["post"]["requestBody"]["content"]
    event = body["application/cloudevents+json"]["example"]
    assert isinstance(decided(event), Accepted)


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
    body = document["paths"]["/v1/events/batch"]["post"]["requestBody"]["content"]["application/cloudevents-batch+json"]
    validator = jsonschema.Draft202012Validator({**body["schema"], "components": document["components"]})
    assert validator.is_valid([event]) == fits
