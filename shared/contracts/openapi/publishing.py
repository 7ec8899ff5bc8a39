"""What an HTTP request that publishes events may hold, for the OpenAPI document of the service that takes it."""

from typing import Any

from shared.contracts import asyncapi, event_types, events
from shared.contracts.envelope import BATCH, STRUCTURED, CloudEvent

Json = dict[str, Any]

EVENT = "Event"
_REFERENCE = {"$ref": asyncapi.SCHEMAS.format(name=EVENT)}
_TYPES = (*events.TYPES, event_types.RETRACTED)

SINGLE, BATCHES = PATHS = "/v1/events", "/v1/events/batch"
"""Both take everything. Documents tell of batches under a path of their own: of three kinds of body, a list among them,
some generators make clients that fail."""
HIRE: Json = {
    "specversion": "1.0",
    "id": "hr-4711a",
    "source": "hr-system",
    "type": "hr.employment.started.v1",
    "subject": "person/a1b2c3",
    "time": "2026-01-15T08:12:30Z",
    "data": {"effective": "2026-02-01", "unit": "ifo-bou-1", "occupation": "socialsekreterare"},
}
"""An event as an example."""


def published(document: Json) -> Json:
    """The document of ingest with what a request may hold: its handler reads bytes, so its types do not tell."""
    document["paths"][SINGLE]["post"]["requestBody"] = _single()
    document["paths"][BATCHES]["post"]["requestBody"] = _body(
        {BATCH: {"schema": {"type": "array", "items": _REFERENCE}, "example": [HIRE]}}
    )
    document["components"]["schemas"] |= schemas()
    return document


def _single() -> Json:
    """One event in structured or binary mode."""
    data = [{"$ref": asyncapi.SCHEMAS.format(name=data.__name__)} for _, data in events.TYPES.values()]
    binary = "Binary mode: the event's data, its attributes in the headers `ce-id`, `ce-source`, `ce-type` and so on."
    structured = {"schema": _REFERENCE, "example": HIRE}
    return _body(
        {
            STRUCTURED: structured,
            "application/json": {"schema": {"description": binary, "anyOf": data}, "example": HIRE["data"]},
        }
    )


def _body(content: Json) -> Json:
    return {"required": True, "content": content}


def schemas() -> Json:
    """The schemas that bodies refer to: each event type under its own name, and what they are made of."""
    components = asyncapi.document()["components"]
    used = {data.__name__ for _, data in events.TYPES.values()}
    parts = {name: schema for name, schema in components["schemas"].items() if name in used}
    envelope = components["schemas"][CloudEvent.__name__]
    types = {name: _flat(name, envelope, components["messages"][name]["payload"]) for name in _TYPES}
    mapping = {name: asyncapi.SCHEMAS.format(name=name) for name in _TYPES}
    event = {
        "description": "A CloudEvent of any of the types that may be published.",
        "oneOf": [{"$ref": reference} for reference in mapping.values()],
        "discriminator": {"propertyName": "type", "mapping": mapping},
    }
    return {EVENT: event, **types, **parts}


def _flat(name: str, envelope: Json, payload: Json) -> Json:
    """The event of a type as one object: of those put together from several, few generators make a client."""
    own = payload["allOf"][1]
    properties = {**envelope["properties"], **own["properties"], "type": {"type": "string", "enum": [name]}}
    required = [*envelope["required"], *own["required"]]
    return {"type": "object", "description": f"`{name}`", "properties": properties, "required": required}
