"""``deploy/helm/values.schema.json``: what may be said to the chart, and the names of the settings it takes.

A name that is no setting would be passed on and read by nobody: the chart refuses it, since the schema lists them.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from cli.local.stack.topics import TopicSettings
from services.alerts.settings import AlertSettings
from services.ingest.settings import IngestSettings
from services.metrics.settings import MetricsSettings
from shared.kit.settings import Settings

Json = dict[str, Any]

OWN = frozenset(
    {
        *("STADGA_HOST", "STADGA_HOSTS", "STADGA_LOG", "STADGA_INGEST_PORT", "STADGA_METRICS_PORT"),
        *("STADGA_ALERTS_PORT", "STADGA_METRICS_URL", "STADGA_PLANS", "STADGA_SOURCES", "STADGA_ACCESS"),
        *("STADGA_RETENTION", "STADGA_BOUNCES", "STADGA_BOUNCES_PORT"),
    }
)
"""What the chart sets by itself, and what it has no way for: a Maildir, which replicas would have to share."""

TEXT: Json = {"type": "string"}
NAME: Json = {"type": "string", "minLength": 1}
COUNT: Json = {"type": "integer", "minimum": 1}
ON: Json = {"type": "boolean"}
STRINGS: Json = {"type": "object", "additionalProperties": TEXT}
OBJECTS: Json = {"type": "array", "items": {"type": "object"}}
FROM: Json = {"$ref": "#/definitions/from"}


def schema() -> Json:
    """The schema of the chart's values, as Helm reads it."""
    return _closed(
        {
            "image": _closed({"repository": NAME, "tag": TEXT, "pullSecrets": OBJECTS}),
            "user": COUNT,
            "hosts": {"type": "array", "items": NAME},
            "ingress": _ingress(),
            **{name: _part(name, names) for name, names in groups().items()},
            "plans": STRINGS | {"propertyNames": {"pattern": r"^[A-Za-z0-9_-][A-Za-z0-9._-]*\.ya?ml$"}},
            "sources": TEXT,
            "access": TEXT,
            "retention": TEXT,
            "networkPolicy": _network(),
            "monitoring": _monitoring(),
            "global": {"type": "object"},
        },
        null=("user", "global"),
    ) | {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Written by make docs",
        "definitions": {"from": _closed({"name": NAME, "key": NAME})},
    }


SERVICES: dict[str, type[Settings]] = {"ingest": IngestSettings, "metrics": MetricsSettings, "alerts": AlertSettings}


def groups() -> dict[str, set[str]]:
    """The settings that can be said, by where: those that several parts share, and each part's own."""
    common = _names(Settings)
    kafka, database = (_beginning(common, start) for start in ("KAFKA_", "DATABASE_"))
    own = {name: _names(kind) - common for name, kind in (SERVICES | {"topics": TopicSettings}).items()}
    return {"kafka": kafka, "database": database, "common": common - kafka - database} | own


def places(names: set[str]) -> dict[str, set[str]]:
    """The settings of a group by the place for each: as they are, or from a Secret as a value or as a file."""
    files, secrets = ({name for name in names if fits(name)} for fits in (a_file, secret))
    return {"settings": names - files - secrets, "secretSettings": secrets, "secretFiles": files}


def secret(name: str) -> bool:
    """Whether the value of a setting is for few eyes: it comes from a Secret."""
    return name in {"DATABASE_URL", "SMTP_URL"} or name.endswith(("_KEY", "_PASSWORD", "_SECRET"))


def a_file(name: str) -> bool:
    """Whether a setting names a file that is a secret, or has some in it."""
    return name == "STADGA_WEBHOOKS" or name.endswith("_FILE")


def _names(kind: type[Settings]) -> set[str]:
    return {field.upper() for field in kind.__struct_fields__} - OWN


def _beginning(names: Iterable[str], start: str) -> set[str]:
    return {name for name in names if name.startswith(start)}


def _group(names: set[str], **more: Json) -> Json:
    kinds = {"settings": {"type": ["string", "number"]}, "secretSettings": FROM, "secretFiles": FROM}
    some = {place: sorted(found) for place, found in places(names).items()}
    said = {place: _closed(dict.fromkeys(found, kinds[place]), null=found) for place, found in some.items()}
    return _closed(more | said, null=("resources", *(place for place, found in some.items() if not found)))


def _part(name: str, names: set[str]) -> Json:
    more: Json = {"replicas": COUNT, "resources": {"type": "object"}} if name in SERVICES else {}
    return _group(names, **more, **_alone(name))


def _alone(name: str) -> Json:
    """What can be said of one part and of no other."""
    match name:
        case "metrics":
            return {"autoscaling": _autoscaling()}
        case "alerts":
            return {"bounces": _bounces()}
        case "database":
            return {"certificates": TEXT}
        case _:
            return {}


def _ingress() -> Json:
    path: Json = {"type": "string", "pattern": "^/[A-Za-z0-9._/-]+$"}
    several: Json = {"type": "array", "items": path}
    paths = _closed(dict.fromkeys(SERVICES, several))
    return _closed({"enabled": ON, "className": TEXT, "tls": TEXT, "annotations": STRINGS, "paths": paths})


def _bounces() -> Json:
    kinds = {"enum": ["ClusterIP", "NodePort", "LoadBalancer"]}
    return _closed({"enabled": ON, "type": kinds, "annotations": STRINGS})


def _autoscaling() -> Json:
    return _closed({"enabled": ON, "maxReplicas": COUNT, "messages": COUNT, "prometheus": NAME})


def _network() -> Json:
    ports = {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 65535}}
    outward = _closed({"ports": ports, "to": OBJECTS})
    callers = _closed(dict.fromkeys((*SERVICES, "bounces"), OBJECTS))
    where = dict.fromkeys(("kafka", "postgresql", "mail", "web"), outward)
    return _closed({"enabled": ON, "callers": callers, "prometheus": OBJECTS, **where})


def _monitoring() -> Json:
    dashboard = _closed({"labels": STRINGS, "datasource": NAME})
    return _closed({"enabled": ON, "labels": STRINGS, "token": FROM, "dashboard": dashboard})


def _closed(properties: Mapping[str, Json], *, null: Collection[str] = ()) -> Json:
    """An object that has these properties and no others.

    To Helm ``null`` takes away what the chart says by default: of those named here alone, the templates read the rest.
    """
    required = [name for name in properties if name not in null]
    closed: Json = {"type": "object", "additionalProperties": False, "properties": dict(properties)}
    return closed | ({"required": required} if required else {})
