"""What every operation of a service has in common: who may ask, how a refusal looks, and an example of each answer."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from shared.contracts import problems
from shared.contracts.openapi.examples import example
from shared.contracts.problems import KINDS, MEDIA_TYPE, Fault, Problem
from shared.contracts.release import Readiness

Json = dict[str, Any]
TOKEN = "token"  # noqa: S105  (the name of a scheme)
SCHEMAS = "#/components/schemas/{name}"
RESPONSES = "#/components/responses/{name}"
ANYWHERE = (400, 401, 403, 421, 429, 500, 503)
"""Every operation may be answered so."""
WITH_A_BODY = (413,)
NAMED = "unit"
"""A parameter of that name, and all parameters of a path, may name what nobody knows."""
ONCE = "Idempotency-Key"
"""A key that was sent before with something else is a conflict."""
_REFUSED = 400
_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of the file of tokens, in the header `Authorization: Bearer TOKEN`.",
}
_RETRY = {"Retry-After": {"description": "Seconds until it is worth asking again.", "schema": {"type": "integer"}}}
_HEADERS: Mapping[int, Json] = {
    401: {"WWW-Authenticate": {"description": "Which kind of token to send.", "schema": {"type": "string"}}},
    429: _RETRY,
    503: _RETRY,
}
_SAMPLE: Mapping[int, Fault] = {
    400: Fault(
        reason="invalid_value",
        path="query.metrics",
        detail="no metric 'head_count'; did you mean headcount?",
        nearest="headcount",
    ),
    404: Fault(
        reason="not_found",
        path="query.unit",
        detail="no unit 'ifo-bou-l'; did you mean ifo-bou-1?",
        nearest="ifo-bou-1",
    ),
    422: Fault(reason="invalid_value", path="$.data.gender", detail="not one of the words", allowed=("f", "m", "x")),
}
_MORE = Fault(reason="invalid_value", path="query.window", detail="window='0': expected one of 1 to 3660 days, 12m")


def completed(document: Json, also: Collection[int] = ()) -> Json:
    """The document with all that may be answered; ``also`` are further statuses of every operation."""
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas |= _schemas()
    components["securitySchemes"] = {TOKEN: _SCHEME, **components.get("securitySchemes", {})}
    document["security"] = [{name: []} for name in components["securitySchemes"]]
    document["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    for operation in _operations(document):
        _complete(operation, also, schemas)
    used = sorted({int(status) for operation in _operations(document) for status in operation["responses"]})
    components["responses"] = {f"Refused{status}": refusal(status) for status in used if status >= _REFUSED}
    return document


def _operations(document: Json) -> Iterator[Json]:
    for operations in document["paths"].values():
        yield from operations.values()


def _complete(operation: Json, also: Collection[int], schemas: Mapping[str, Json]) -> None:
    answers = operation["responses"]
    bodies = [answer for status, answer in answers.items() if int(status) < _REFUSED or _is_readiness(answer)]
    for status in _statuses(operation, also):
        if not _is_readiness(answers.get(str(status), {})):
            answers[str(status)] = {"$ref": RESPONSES.format(name=f"Refused{status}")}
    operation["responses"] = dict(sorted(answers.items()))
    for part in (*bodies, operation.get("requestBody", {})):
        for content in part.get("content", {}).values():
            content["schema"].pop("examples", None)
            content.setdefault("example", example(content["schema"], schemas))
    for parameter in operation.get("parameters", []):
        parameter.setdefault("example", example(parameter["schema"], schemas, parameter["name"]))


def _is_readiness(answer: Json) -> bool:
    """Whether it says what works: of a service that is not ready that is no refusal."""
    schema = {"$ref": SCHEMAS.format(name=Readiness.__name__)}
    return any(content["schema"] == schema for content in answer.get("content", {}).values())


def _statuses(operation: Json, also: Collection[int]) -> set[int]:
    parameters = operation.get("parameters", [])
    found = {*ANYWHERE, *also, *(int(status) for status in operation["responses"] if int(status) >= _REFUSED)}
    if "requestBody" in operation:
        found.update(WITH_A_BODY)
    if any(parameter["in"] == "path" or parameter["name"] == NAMED for parameter in parameters):
        found.add(404)
    if any(parameter["name"] == ONCE for parameter in parameters):
        found.add(409)
    return found


def refusal(status: int) -> Json:
    """How a refusal of that status is documented."""
    kind = KINDS[status]
    fault = _SAMPLE.get(status) or Fault(reason=kind.reason, path=problems.WHOLE, detail=kind.title)
    faults = [fault, _MORE] if status == _REFUSED else [fault]
    answer = {
        "description": kind.title,
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": SCHEMAS.format(name=Problem.__name__)},
                "example": msgspec.json.decode(problems.encoded(problems.problem(status, faults))),
            }
        },
    }
    return answer | ({"headers": _HEADERS[status]} if status in _HEADERS else {})


def _schemas() -> Json:
    _, found = msgspec.json.schema_components([Problem], ref_template=SCHEMAS)
    return dict(found)
