"""The AsyncAPI 3.0 document of every topic and message, made from the same structs that read and write them."""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from shared.contracts import alerts, deliveries, erased, event_types, events, metrics, sealed, sources, topics
from shared.contracts.envelope import STRUCTURED, CloudEvent
from shared.contracts.erasure import ErasedPerson
from shared.contracts.rejections import Rejection
from shared.contracts.sealed import Sealed, WrappedKey
from shared.contracts.topics import FOREVER, Topic

Json = dict[str, Any]

VERSION = "1.0.0"
SCHEMAS = "#/components/schemas/{name}"
MESSAGES = "#/components/messages/{name}"
REJECTED, KEY, ERASED_PERSON = "hr.rejected", "hr.key", "hr.erased"
DESCRIPTION = (
    "Every message that enters or leaves Stadga. Messages are CloudEvents 1.0 in structured JSON mode; `hr.raw` is read"
    " in binary Kafka mode too. `id` with `source` identifies an event: a repeat changes nothing. `workforce.metrics`"
    " and `workforce.alerts` are delivered at least once, with an identity that a repeat keeps. In an installation that"
    " several municipalities share, the name of each topic begins with the tenant's and a dot (`solna.hr.raw`), events"
    " carry the tenant as an extension, and `source` of what Stadga says ends with it. Where ingest has a master key,"
    " events about persons are on `hr.events` as `hr.sealed.v1`; their keys, wrapped, are on `hr.keys`. Types that"
    " begin with `stadga.` only Stadga publishes: ingest refuses them from anybody."
)

HOST = "127.0.0.1:9092"
OTHERS = (
    "A listener with TLS for every system but Stadga itself; each signs in as a user of its own. Access control lists"
    " say who writes to `hr.raw`, and who reads `workforce.metrics` and `workforce.alerts`. `hr.events`, `hr.keys` and"
    " `hr.rejected.originals` hold what is known of people: nobody reads them but who mends the sources."
)
INSIDE = (
    "The listener that Stadga's services use (`KAFKA_BOOTSTRAP_SERVERS`), which nobody else reaches: on one machine, or"
    " in a network of its own. Batches are packed with gzip."
)
BY_METRICS = "Published by the metrics service alone; ingest refuses it from anybody."
_SCHEMES: Json = {
    "scram": {"type": "scramSha512", "description": "SASL/SCRAM: a user name and a password for each system."},
    "certificate": {"type": "X509", "description": "Mutual TLS: a client certificate for each system."},
}


class _Kind(NamedTuple):
    """A CloudEvent type: what its subject begins with (None: not fixed) and the struct of its data, if any."""

    name: str
    subject: str | None
    data: type[msgspec.Struct] | None


_HR = (
    *(_Kind(name, subject, data) for name, (subject, data) in events.TYPES.items()),
    _Kind(event_types.RETRACTED, None, None),
)
_BY_METRICS = tuple(_Kind(name, subject, data) for name, (subject, data) in erased.OWN.items())
"""What the metrics service alone says on ``hr.events``, of persons who are erased and of what is trimmed."""
_OWN = (
    *_BY_METRICS,
    _Kind(metrics.COMPUTED, None, metrics.GroupComputed),
    _Kind(sources.REPORTED, None, sources.SourceReported),
    _Kind(deliveries.REPORTED, None, deliveries.DeliveriesReported),
    _Kind(alerts.CHANGED, None, alerts.AlertChanged),
    _Kind(alerts.HANDLED, None, alerts.AlertHandled),
)
_HR_NAMES = tuple(kind.name for kind in _HR)

CARRIES: tuple[tuple[Topic, str, tuple[str, ...]], ...] = (
    (topics.HR_RAW, "receive", _HR_NAMES),
    (topics.HR_EVENTS, "send", (*_HR_NAMES, sealed.TYPE, *(kind.name for kind in _BY_METRICS))),
    (topics.HR_KEYS, "send", (KEY, ERASED_PERSON)),
    (topics.HR_REJECTED, "send", (REJECTED,)),
    (topics.HR_ORIGINALS, "send", (REJECTED,)),
    (topics.WORKFORCE_METRICS, "send", (metrics.COMPUTED, sources.REPORTED, deliveries.REPORTED)),
    (topics.WORKFORCE_ALERTS, "send", (alerts.CHANGED, alerts.HANDLED)),
)
"""Topic, what Stadga does with it as others see it, and the messages it carries."""


def document() -> Json:
    """The whole document, as JSON values; the same structs always give the same document."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Stadga",
            "version": VERSION,
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": STRUCTURED,
        "servers": _servers(),
        "channels": {topic.name: _channel(topic, names) for topic, _, names in CARRIES},
        "operations": {f"{action}.{topic.name}": _operation(action, topic) for topic, action, _ in CARRIES},
        "components": {"messages": _messages(), "schemas": _schemas(), "securitySchemes": _SCHEMES},
    }


def _servers() -> Json:
    host = {"host": {"default": HOST, "description": "The brokers' address, host and port."}}
    schemes = [{"$ref": f"#/components/securitySchemes/{name}"} for name in _SCHEMES]
    listener = {"host": "{host}", "variables": host}
    return {
        "others": {**listener, "protocol": "kafka-secure", "description": OTHERS, "security": schemes},
        "inside": {**listener, "protocol": "kafka", "description": INSIDE},
    }


def _channel(topic: Topic, names: Iterable[str]) -> Json:
    policy = "compact" if topic.compacted else "delete"
    settings = {"cleanup.policy": [policy], "retention.ms": topic.retention_ms, "retention.bytes": FOREVER}
    return {
        "address": topic.name,
        "description": f"{topic.purpose}; key: {topic.key}",
        "messages": {name: {"$ref": MESSAGES.format(name=name)} for name in names},
        "bindings": {"kafka": {"topic": topic.name, "partitions": topic.partitions, "topicConfiguration": settings}},
    }


def _operation(action: str, topic: Topic) -> Json:
    return {"action": action, "channel": {"$ref": f"#/channels/{topic.name}"}, "summary": topic.purpose}


def _messages() -> Json:
    own = {kind.name: _message(kind.name, STRUCTURED, _event(kind)) for kind in (*_HR, *_OWN)}
    for kind in _BY_METRICS:
        own[kind.name] |= {"summary": BY_METRICS}
    return own | {
        REJECTED: _message(REJECTED, "application/json", _ref(Rejection)),
        KEY: _message(KEY, "application/json", _ref(WrappedKey)),
        ERASED_PERSON: _message(ERASED_PERSON, "application/json", _ref(ErasedPerson)),
        sealed.TYPE: _message(sealed.TYPE, STRUCTURED, _ref(Sealed)),
    }


def _message(name: str, content: str, payload: Json) -> Json:
    key: Json = {"kafka": {"key": {"type": "string"}}}
    return {"name": name, "contentType": content, "payload": payload, "bindings": key}


def _event(kind: _Kind) -> Json:
    properties: Json = {"type": {"const": kind.name}}
    if kind.subject:
        properties["subject"] = {"type": "string", "pattern": f"^{kind.subject}/.+"}
    own = "data" if kind.data else "corrects"
    properties[own] = _ref(kind.data) if kind.data else {"type": "string"}
    return {"allOf": [_ref(CloudEvent), {"type": "object", "properties": properties, "required": [own]}]}


def _ref(struct: type[msgspec.Struct]) -> Json:
    return {"$ref": SCHEMAS.format(name=struct.__name__)}


def _schemas() -> Mapping[str, Json]:
    structs = [kind.data for kind in (*_HR, *_OWN) if kind.data]
    _, schemas = msgspec.json.schema_components(
        [_envelope(), *structs, Rejection, Sealed, WrappedKey, ErasedPerson], ref_template=SCHEMAS
    )
    # Python 3.13 removes a docstring's indentation when it compiles it, 3.11 does not: one document for both
    return {
        name: _row(schema) | {"description": inspect.cleandoc(schema["description"])}
        for name, schema in schemas.items()
    }


def _row(schema: Json) -> Json:
    """An array whose places have a meaning each, as draft 7 says it; any other schema as it is."""
    places = schema.get("prefixItems")
    if places is None:
        return dict(schema)
    rest = {name: value for name, value in schema.items() if name != "prefixItems"}
    return rest | {"items": places, "additionalItems": False}


def _envelope() -> type[msgspec.Struct]:
    """CloudEvent without ``data``, which each message describes on its own: raw bytes have no schema."""
    fields = [f for f in msgspec.structs.fields(CloudEvent) if f.name != "data"]
    return msgspec.defstruct(
        CloudEvent.__name__,
        [(f.name, f.type) if f.required else (f.name, f.type, f.default) for f in fields],
        kw_only=True,
        namespace={"__doc__": CloudEvent.__doc__},
    )
